using System.Runtime.CompilerServices;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    public ReadAllStreamResult ReadAllAsync(
        Direction direction,
        Position position,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        ReadAllAsync(direction, position, null, maxCount, resolveLinkTos, deadline, userCredentials, cancellationToken);

    /// <summary>Reads all events, from a position on, which is included.</summary>
    /// <param name="eventFilter">Null for all.</param>
    /// <param name="maxCount">From 1.</param>
    /// <param name="deadline">For the whole of it; null for none.</param>
    public ReadAllStreamResult ReadAllAsync(
        Direction direction,
        Position position,
        IEventFilter? eventFilter,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        return new ReadAllStreamResult(Messages(
            ReadRequests.All(direction, position, eventFilter, maxCount, resolveLinkTos), deadline, userCredentials, cancellationToken));
    }

    /// <summary>Reads a stream, from a position on, which is included.</summary>
    /// <param name="maxCount">From 1.</param>
    /// <param name="deadline">For the whole of it; null for none.</param>
    public ReadStreamResult ReadStreamAsync(
        Direction direction,
        string streamName,
        StreamPosition revision,
        long maxCount = long.MaxValue,
        bool resolveLinkTos = false,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        var request = ReadRequests.Stream(direction, streamName, revision, maxCount, resolveLinkTos);
        return new ReadStreamResult(Messages(request, deadline, userCredentials, cancellationToken));
    }

    private MessageSource Messages(ReadReq request, TimeSpan? deadline, UserCredentials? credentials, CancellationToken ct) =>
        new(ended => ReadAsync(request, deadline, credentials, ended), ct, disposed.Token);

    private async IAsyncEnumerable<ReadResp> ReadAsync(
        ReadReq request, TimeSpan? deadline, UserCredentials? credentials, [EnumeratorCancellation] CancellationToken ct)
    {
        var limit = new Deadline(deadline);
        NodeConnection node;
        CallOptions options;
        try
        {
            node = await ConnectAsync(limit, ct).ConfigureAwait(false);
            options = calls.Options(limit.Remaining, credentials, ct);
        }
        catch (OperationCanceledException e)
        {
            throw Faults.Cancelled(e);
        }

        using var call = Begin();
        while (await NextAsync().ConfigureAwait(false)) yield return call.ResponseStream.Current;

        AsyncServerStreamingCall<ReadResp> Begin()
        {
            try
            {
                return node.Channel.Streams.Read(request, options);
            }
            catch (ObjectDisposedException e)
            {
                throw Reported(node, Faults.Closed(e));
            }
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                // The call has the token already; a second time it would cost a registration for each message.
                return await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                throw Reported(node, e);
            }
            catch (OperationCanceledException e)
            {
                throw Faults.Cancelled(e);
            }
        }
    }
}
