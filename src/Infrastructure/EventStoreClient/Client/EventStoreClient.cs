using Grpc.Core;
using StreamsClient = EventSourcedStreams.EventStoreProtocol.Streams.Streams.StreamsClient;

namespace EventStore.Client;

/// <summary>
/// A client of EventStoreDB or KurrentDB: one for a process, for all its threads. It finds a node at its first call,
/// and another one after the connection is lost or the node no longer leads; the calls that were under way then fail,
/// later ones go to the new node.
/// </summary>
public sealed partial class EventStoreClient : IAsyncDisposable
{
    private readonly EventStoreClientSettings settings;
    private readonly Calls calls;
    private readonly NodeChannels channels;
    private readonly Connections connections;
    private readonly BatchAppender appender;
    private readonly CancellationTokenSource disposed = new();

    public EventStoreClient(EventStoreClientSettings? settings = null)
    {
        this.settings = settings ??= EventStoreClientSettings.Create("esdb://localhost");
        calls = new Calls(settings);
        channels = new NodeChannels(settings.ConnectivitySettings);
        connections = new Connections(settings, channels, calls);
        appender = new BatchAppender(calls, connections);
    }

    /// <summary>Ends all calls.</summary>
    public async ValueTask DisposeAsync()
    {
        await disposed.CancelAsync().ConfigureAwait(false);
        connections.Dispose();
        await appender.DisposeAsync().ConfigureAwait(false);
        channels.Dispose();
    }

    /// <exception cref="OperationCanceledException">By the caller, or the client was disposed.</exception>
    private async Task<NodeConnection> ConnectAsync(Deadline deadline, CancellationToken ct)
    {
        try
        {
            return await connections.CurrentAsync().WaitAsync(deadline.RemainingOrInfinite, TimeProvider.System, ct).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw Faults.Late(e);
        }
    }

    /// <summary>A call with one answer.</summary>
    private async Task<TResponse> CallAsync<TResponse>(
        NodeConnection node,
        Func<StreamsClient, CallOptions, Task<TResponse>> call,
        Deadline deadline,
        UserCredentials? credentials,
        CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, disposed.Token);
        try
        {
            var options = calls.Options(deadline.Remaining, credentials, either.Token);
            return await call(node.Channel.Streams, options).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw Reported(node, e);
        }
        catch (ObjectDisposedException e)
        {
            throw Reported(node, Faults.Closed(e));
        }
        catch (OperationCanceledException e)
        {
            throw Faults.Cancelled(e);
        }
    }

    private Exception Reported(NodeConnection node, RpcException e)
    {
        var fault = Faults.Of(e);
        connections.Report(node, fault);
        return fault;
    }
}
