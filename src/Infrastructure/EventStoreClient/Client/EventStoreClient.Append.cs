using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;
using StreamsClient = EventSourcedStreams.EventStoreProtocol.Streams.Streams.StreamsClient;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Appends if the stream's last event has that number. All events or none.</summary>
    /// <param name="configureOperationOptions">Changes the settings' options for this append.</param>
    /// <param name="deadline">Null for the settings' default.</param>
    /// <param name="userCredentials">With its own, an append does not share its call with others.</param>
    /// <exception cref="WrongExpectedVersionException">It has another.</exception>
    /// <exception cref="Grpc.Core.RpcException">Unavailable, DeadlineExceeded, Cancelled: whether it took place is not
    /// known.</exception>
    public Task<IWriteResult> AppendToStreamAsync(
        string streamName,
        StreamRevision expectedRevision,
        IEnumerable<EventData> eventData,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        AppendAsync(streamName, expectedRevision, eventData, configureOperationOptions, deadline, userCredentials, cancellationToken);

    /// <summary>Appends if the stream is in that state. All events or none.</summary>
    /// <exception cref="WrongExpectedVersionException">It is in another.</exception>
    /// <exception cref="Grpc.Core.RpcException">Unavailable, DeadlineExceeded, Cancelled: whether it took place is not
    /// known.</exception>
    public Task<IWriteResult> AppendToStreamAsync(
        string streamName,
        StreamState expectedState,
        IEnumerable<EventData> eventData,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        AppendAsync(streamName, expectedState, eventData, configureOperationOptions, deadline, userCredentials, cancellationToken);

    private async Task<IWriteResult> AppendAsync(
        string stream,
        Expectation expected,
        IEnumerable<EventData> events,
        Action<EventStoreClientOperationOptions>? configure,
        TimeSpan? deadline,
        UserCredentials? credentials,
        CancellationToken ct)
    {
        var options = settings.OperationOptions.Clone();
        configure?.Invoke(options);
        var limit = new Deadline(deadline ?? settings.DefaultDeadline);
        var node = await ConnectAsync(limit, ct).ConfigureAwait(false);
        var result = credentials is null && node.BatchAppend
            ? await BatchAppendAsync(node, stream, expected, events, limit, ct).ConfigureAwait(false)
            : await AppendAsync(node, stream, expected, events, limit, credentials, ct).ConfigureAwait(false);
        return result.Checked(options);
    }

    private async Task<IWriteResult> AppendAsync(
        NodeConnection node,
        string stream,
        Expectation expected,
        IEnumerable<EventData> events,
        Deadline deadline,
        UserCredentials? credentials,
        CancellationToken ct) => WriteResults.Of(
            await CallAsync(
                node,
                (streams, options) => SendAsync(streams, AppendRequests.Single(stream, expected, events), options),
                deadline,
                credentials,
                ct).ConfigureAwait(false),
            stream);

    private static async Task<AppendResp> SendAsync(StreamsClient streams, IEnumerable<AppendReq> requests, CallOptions options)
    {
        using var call = streams.Append(options);
        try
        {
            foreach (var request in requests) await call.RequestStream.WriteAsync(request).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (Faults.EndsSending(e))
        {
            // The server has answered before it had heard all, or the connection is gone: the answer says so.
        }

        return await call.ConfigureAwait(false);
    }

    private async Task<IWriteResult> BatchAppendAsync(
        NodeConnection node, string stream, Expectation expected, IEnumerable<EventData> events, Deadline deadline, CancellationToken ct)
    {
        var id = Uuid.FromGuid(Guid.NewGuid());
        var requests = AppendRequests.Batched(
            id,
            stream,
            expected,
            events,
            EventStoreClientOperationOptions.BatchAppendSize,
            deadline.Remaining,
            node.DeadlineDuration ? null : DateTimeOffset.UtcNow);
        try
        {
            return WriteResults.Of(await appender.AppendAsync(node, id, requests, deadline, ct).ConfigureAwait(false), stream);
        }
        catch (RpcException e)
        {
            throw Faults.Of(e);
        }
        catch (TimeoutException e)
        {
            throw Faults.Late(e);
        }
    }
}
