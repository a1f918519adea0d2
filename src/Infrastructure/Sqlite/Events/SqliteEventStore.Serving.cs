using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>What the log can do beyond <see cref="IEventStore"/>, for clients of EventStoreDB's protocol.</summary>
internal sealed partial class SqliteEventStore
{
    /// <summary>Events looked at at a time by a follower of everything; a page may be cut by its bytes
    /// before.</summary>
    private const int SeenPage = 2048;

    /// <summary>What a page of a follower has, about: there may be thousands of them, and each holds one.</summary>
    private const long FollowedPageBytes = 128 * 1024;
    private const int FirstRows = 32;

    /// <summary>Puts an append behind those that are queued, so that two by one caller keep their order; the inner task
    /// is its answer. No events are an append too.</summary>
    /// <exception cref="LogUnavailableException">The log has been closed.</exception>
    internal async ValueTask<Task<AppendOutcome>> EnqueueAppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, int bytes, CancellationToken ct)
    {
        var request = new AppendRequest(stream, expected, events, bytes, tellsNext: false, ct);
        await writer.EnqueueAsync(request, ct).ConfigureAwait(false);
        return request.Answer;
    }

    /// <summary>Hides a stream's events until its next one (<c>$tb</c>). The position is its metadata's.</summary>
    internal Task<AppendOutcome> DeleteAsync(string stream, ExpectedRevision expected, CancellationToken ct) =>
        DecideAsync(stream, 0, connection => connection.Delete(stream, expected), ct);

    /// <summary>A page, and the stream's last revision: -1 for none, 2^63−1 for a tombstone.</summary>
    internal async Task<(StoreRead Read, long Head)> ReadPageAsync(string stream, long from, bool forward, int maxCount, CancellationToken ct)
    {
        var (read, end) = await PageAndEndAsync(stream, from, forward, maxCount, ct).ConfigureAwait(false);
        return (read, end.Head);
    }

    internal Task<AllPage> ReadAllAsync(long from, bool forward, Func<string, string, bool>? filter, int maxRows, CancellationToken ct) =>
        readers.RunAsync("(all)", null, reader => reader.All(from, forward, filter, maxRows), ct);

    /// <summary>The newest event's position; 0 where there is none.</summary>
    internal Task<long> EndAsync(CancellationToken ct) => readers.RunAsync("(all)", null, static reader => reader.End(), ct);

    /// <summary>A stream's events after a revision, then each as it is committed. The tombstone is the last
    /// one.</summary>
    /// <param name="after">-1: from the start. Null: only what comes.</param>
    internal async IAsyncEnumerable<StreamPage> FollowPagesAsync(string stream, long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        using var following = followers.Follow(stream, out var tail);
        var live = new List<StoredEvent>();
        var rows = FirstRows;
        for (var next = after + 1; ;)
        {
            var lost = tail.Lost;
            for (var atEnd = false; !atEnd;)
            {
                var (read, end) = await PageAndEndAsync(stream, next ?? long.MaxValue, forward: true, rows, ct).ConfigureAwait(false);
                if (read is StoreRead.Tombstoned)
                {
                    yield return new StreamPage(await FindAsync(LogPosition.At(end.Position), ct).ConfigureAwait(false) is { } tombstone ? [tombstone] : [], AtEnd: true);
                    yield break;
                }

                atEnd = read is not StoreRead.Page { AtEnd: false };
                var page = read as StoreRead.Page;
                next = Math.Max(next ?? 0, atEnd ? end.Head + 1 : page!.Events[^1].Revision + 1);
                if (page is null) continue;
                rows = RowsAfter(page.Events.Count, page.Events.Sum(static stored => (long)stored.Size), FollowPage);
                yield return new StreamPage(page.Events, atEnd);
            }

            while (tail.TryRead(next!.Value - 1, lost, live, out var more))
            {
                if (live.Count > 0)
                {
                    next = live[^1].IsTombstone ? next : live[^1].Revision + 1;
                    yield return new StreamPage([.. live], AtEnd: true);
                    if (live[^1].IsTombstone) yield break;
                    live.Clear();
                }

                await more.WaitAsync(ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Everything after a position, then what comes, in pages that are read when the follower asks for the
    /// next one: a slow follower delays only itself.</summary>
    internal async IAsyncEnumerable<AllPage> FollowAllPagesAsync(
        long after, Func<string, string, bool>? filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = FirstRows;
        while (true)
        {
            var more = followers.NextCommit();
            for (var atEnd = false; !atEnd;)
            {
                var page = await ReadAllAsync(after, forward: true, filter, rows, ct).ConfigureAwait(false);
                (after, atEnd) = (page.Upto, page.AtEnd);
                rows = RowsAfter(page.Seen.Count, page.Seen.Sum(static seen => (long)(seen.Event?.Size ?? 0)), SeenPage);
                yield return page;
            }

            await more.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>How many events make a page, by those of the page before.</summary>
    private static int RowsAfter(int rows, long bytes, int most) =>
        rows == 0 ? FirstRows : (int)Math.Clamp(FollowedPageBytes * rows / Math.Max(1, bytes), 1, most);

    private Task<(StoreRead Read, FoundStream End)> PageAndEndAsync(
        string stream, long from, bool forward, int maxCount, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return readers.RunAsync(
            stream, from == long.MaxValue ? null : from, reader => reader.PageAndEnd(stream, from, forward, maxCount, now), ct);
    }

    private async Task<AppendOutcome> DecideAsync(
        string stream, int bytes, Func<WriteConnection, AppendOutcome> decide, CancellationToken ct)
    {
        AppendOutcome? result = null;
        await WriteAsync(stream, bytes, connection => result = decide(connection), ct).ConfigureAwait(false);
        return result!;
    }
}
