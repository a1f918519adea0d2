using EventSourcedStreams.Domain;
using EventStore.Client;
using Grpc.Core;

namespace EventSourcedStreams.EventStoreDb;

/// <remarks>Reading, all of which may be repeated.</remarks>
internal sealed partial class EventStoreDbStore
{
    /// <summary>The name of everything, as the store has it.</summary>
    private const string All = "$all";

    public async Task<StoreRead> ReadAsync(
        string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        var connection = leader == ReadFrom.Leader ? this.leader : near;
        var read = await connection.RepeatedAsync(
            (client, attempt) => rights.CheckedAsync(Right.Read, stream, WholePageAsync(client, stream, from, forward, maxCount, attempt)), ct).ConfigureAwait(false);
        if (stream == options.Prefix.Log && read is StoreRead.Page { Events: [{ Revision: 0, Id: var named }, ..] }) identity.Saw(named.Value);
        return read;
    }

    public async Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct)
    {
        // The first position is the store's own event; a commit never stands before its prepare.
        if (position == LogPosition.Start || position.Commit < position.Prepare || position.Commit > long.MaxValue) return null;
        return await leader.RepeatedAsync(
            (client, attempt) => rights.CheckedAsync(Right.ReadAll, All, AtAsync(client, position, attempt)), ct).ConfigureAwait(false);
    }

    private static async ValueTask<StoredEvent?> AtAsync(EventStoreClient client, LogPosition position, CancellationToken ct)
    {
        try
        {
            var read = client.ReadAllAsync(Direction.Forwards, position.ToStore(), maxCount: 1, cancellationToken: ct);
            await foreach (var message in read.Messages.ConfigureAwait(false))
            {
                if (message is StreamMessage.Event(var resolved))
                    return resolved.ToStored() is var stored && stored.Position == position ? stored : null;
            }

            return null;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unknown or StatusCode.InvalidArgument or StatusCode.OutOfRange)
        {
            return null; // where no event begins the server cannot read
        }
    }

    /// <summary>One try of one page, of a stream that is no less than it was.</summary>
    private async ValueTask<StoreRead> WholePageAsync(
        EventStoreClient client, string stream, long from, bool forward, int maxCount, CancellationToken ct)
    {
        var read = await PageAsync(client, stream, from, forward, maxCount, ct).ConfigureAwait(false);
        var isEmpty = read is StoreRead.Missing || (read is StoreRead.Page { Events: [] } && (forward ? from == 0 : from == long.MaxValue));
        if (isEmpty && MustBeginAtZero(stream)) await ThrowIfTruncatedAsync(client, stream, ct).ConfigureAwait(false);
        return read;
    }

    /// <summary>One try of one page.</summary>
    private async ValueTask<StoreRead> PageAsync(
        EventStoreClient client, string stream, long from, bool forward, int maxCount, CancellationToken ct)
    {
        var read = client.ReadStreamAsync(
            forward ? Direction.Forwards : Direction.Backwards,
            stream,
            from == long.MaxValue ? forward ? new StreamPosition(long.MaxValue) : StreamPosition.End : StreamPosition.FromInt64(from),
            maxCount,
            cancellationToken: ct);
        var events = new List<StoredEvent>(Math.Min(maxCount, 256));
        var (bytes, last, whole) = (0, default(long?), true);
        try
        {
            await foreach (var message in read.Messages.ConfigureAwait(false))
            {
                switch (message)
                {
                    case StreamMessage.NotFound:
                        return new StoreRead.Missing();
                    case StreamMessage.LastStreamPosition(var end):
                        last = end.ToInt64();
                        break;
                    case StreamMessage.Event(var resolved):
                        var stored = resolved.ToStored();
                        events.Add(stored);
                        bytes += stored.Size;
                        whole = bytes < options.MaxPageBytes || events.Count == maxCount;
                        break;
                }

                if (!whole) break;
            }
        }
        catch (StreamDeletedException)
        {
            return new StoreRead.Tombstoned();
        }

        return new StoreRead.Page(events, whole && IsAtEnd(events, forward, maxCount, last));
    }

    /// <param name="last">The stream's last revision, which servers before 21.10 do not tell.</param>
    private static bool IsAtEnd(List<StoredEvent> events, bool forward, int maxCount, long? last) =>
        events.Count < maxCount || (forward ? events[^1].Revision >= last : events[^1].Revision == 0);
}
