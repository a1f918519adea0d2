using EventSourcedStreams.EventStoreProtocol;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Timeout = System.Threading.Timeout;

namespace EventStore.Client;

/// <summary>
/// A client of EventStoreDB or KurrentDB: one for a process, for all its threads. It finds a node at its first call, and another one
/// after the connection is lost or the node no longer leads; the calls that were under way then fail, later ones go to the new node.
/// </summary>
public sealed partial class EventStoreClient : IDisposable, IAsyncDisposable
{
    private readonly EventStoreClientSettings settings;
    private readonly TimeProvider time;
    private readonly Calls calls;
    private readonly NodeChannels channels;
    private readonly Connections connections;
    private readonly BatchAppender appender;
    private readonly CancellationTokenSource disposed = new();

    public EventStoreClient(EventStoreClientSettings? settings = null) : this(settings ?? new EventStoreClientSettings(), TimeProvider.System)
    {
    }

    internal EventStoreClient(EventStoreClientSettings settings, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        ConnectionName = settings.ConnectionName ?? $"ES-{Guid.NewGuid()}";
        calls = new Calls(settings, ConnectionName, time);
        channels = new NodeChannels(settings);
        var log = settings.LoggerFactory?.CreateLogger(typeof(EventStoreClient).FullName!) ?? NullLogger.Instance;
        connections = new Connections(settings, channels, calls, time, log);
        appender = new BatchAppender(calls, connections, time);
    }

    public string ConnectionName { get; }

    /// <summary>Ends all calls.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

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
            return await connections.CurrentAsync()
                .WaitAsync(deadline.Remaining ?? Timeout.InfiniteTimeSpan, time, ct).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw Faults.Late(e);
        }
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method,
        IEnumerable<TRequest> requests,
        TimeSpan? deadline,
        UserCredentials? credentials,
        CancellationToken ct)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var limit = new Deadline(deadline ?? settings.DefaultDeadline, time);
        return await CallAsync(await ConnectAsync(limit, ct).ConfigureAwait(false), method, requests, limit, credentials, ct)
            .ConfigureAwait(false);
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        NodeConnection node,
        GrpcMethod<TRequest, TResponse> method,
        IEnumerable<TRequest> requests,
        Deadline deadline,
        UserCredentials? credentials,
        CancellationToken ct)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, disposed.Token);
        try
        {
            return await calls.UnaryAsync(node.Channel, method, requests, deadline.Remaining, credentials, either.Token).ConfigureAwait(false);
        }
        catch (GrpcException e)
        {
            throw Reported(node, e);
        }
        catch (OperationCanceledException e)
        {
            throw Faults.Cancelled(e);
        }
    }

    private Exception Reported(NodeConnection node, GrpcException e)
    {
        var fault = Faults.Of(e);
        connections.Report(node, fault);
        return fault;
    }
}
