using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Check;

/// <summary>
/// Compares a log with the server that runs on it. Both go on meanwhile: of each stream the log is read first, so that
/// what stood there before the question has to be in the answer; and what does not agree is asked once more, after the
/// server has had time to follow the log. A private copy of a log stands still: there a stream is compared as it was at
/// the copy's last event, and what the server has behind it must be newer than everything in the copy.
/// </summary>
internal sealed class ServerCheck(Store store, ServerApi server, TimeProvider time)
{
    /// <summary>The list follows the log normally within a second.</summary>
    private static readonly TimeSpan RecheckDelay = TimeSpan.FromSeconds(3);

    /// <summary>Streams in the list that the log does not have, after which it is read no further: it may go on for
    /// ever. Beside a copy there may be many.</summary>
    private readonly int maxUnknown = IsCopy(store) ? 100_000 : 1000;

    private readonly FoundDifferences findings = new();
    private readonly HashSet<StreamId> listed = [];
    private readonly Dictionary<StreamId, long> doubtful = [];
    private readonly NewerStreams newer = new(IsCopy(store));
    private DateTimeOffset latest = DateTimeOffset.MinValue;
    private long streams, unaddressable, unknown;

    public IReadOnlyList<CheckFinding> Findings => findings.Kept;

    public CheckSummary Summary => new(server.Address.ToString(), streams, listed.Count, newer.Count, unaddressable, findings.Count);

    public async Task RunAsync(Advance advance, CancellationToken ct)
    {
        var listing = new ServerListing(server, findings.Add);
        await foreach (var (id, item) in listing.StreamsAsync(() => unknown < maxUnknown, ct))
        {
            listed.Add(id);
            if ((await ListedAsync(item, id, ct)).Count > 0) doubtful[id] = -1;
        }

        if (unknown >= maxUnknown)
            findings.Add(new CheckFinding(ServerListing.Itself, "list", null, "streams", $"{unknown} and more that the log does not have", "the streams of this log"));

        await foreach (var entry in store.StreamsAsync(ct))
        {
            advance.To(++streams, Math.Max(streams, listed.Count));
            var (found, known) = await StreamAsync(entry.Id, known: null, ct);
            if (found.Count > 0 || doubtful.ContainsKey(entry.Id)) doubtful[entry.Id] = known;
        }

        if (doubtful.Count > 0) await RecheckAsync(ct);
        findings.AddRange(newer.TakeOld(latest));
    }

    private static bool IsCopy(Store store) => store.Embedded?.IsPrivateCopy ?? store.Location is StoreLocation.Export;

    private async Task RecheckAsync(CancellationToken ct)
    {
        await Task.Delay(RecheckDelay, time, ct);
        listed.ExceptWith(doubtful.Keys);
        newer.Forget(doubtful.Keys);
        var (before, listing) = (listed.Count + doubtful.Count, new ServerListing(server, _ => { }));
        await foreach (var (id, item) in listing.StreamsAsync(() => listing.Listed.Count < before + maxUnknown, ct))
        {
            if (!doubtful.ContainsKey(id)) continue;
            listed.Add(id);
            findings.AddRange(await ListedAsync(item, id, ct));
        }

        foreach (var (id, known) in doubtful) findings.AddRange((await StreamAsync(id, known, ct)).Found);
    }

    private async Task<IReadOnlyList<CheckFinding>> ListedAsync(ServerStream item, StreamId id, CancellationToken ct)
    {
        if (item.IsUnread) return await UnreadAsync(item, id, ct);
        try
        {
            if (await store.SummaryAsync(id, ct) is not { } log)
            {
                unknown++;
                return newer.Add(new(item.Id, "list", null, "stream", item.Status, "not in the log"), item.LatestAt);
            }

            if (log.Status is StreamStatus.Deleted) return [new(item.Id, "list", null, "status", item.Status, "deleted")];
            var hasGoneOn = newer.IsCopy && !log.Status.IsEnding() && (item.Revision is not { } revision || revision > log.Revision.Value);
            if (hasGoneOn) newer.Listed(id, item);
            return [.. hasGoneOn ? Comparison.ListedEarlier(item, log) : Comparison.Listed(item, log)];
        }
        catch (StreamGoneException)
        {
            return [new(item.Id, "list", null, "status", item.Status, "deleted")];
        }
        catch (LogDamagedException)
        {
            return []; // found again, and named, with the stream itself
        }
    }

    /// <summary>What the server calls damaged, or another program's, has to be so in the log: there it is a finding
    /// with the stream itself.</summary>
    private async Task<IReadOnlyList<CheckFinding>> UnreadAsync(ServerStream item, StreamId id, CancellationToken ct)
    {
        try
        {
            var log = await LogStream.ReadAsync(store, id, ct);
            if (log.Body is null && !log.IsDeleted) unknown++;
            return [new(item.Id, "list", null, "status", item.Damaged is true ? "damaged" : "foreign", log.Body?.Summary.Status.Name() ?? "no event")];
        }
        catch (LogDamagedException)
        {
            return [];
        }
    }

    /// <param name="known">What the server had to know by now; null: all that the log has before it is asked.</param>
    private async Task<(IReadOnlyList<CheckFinding> Found, long Known)> StreamAsync(StreamId id, long? known, CancellationToken ct)
    {
        try
        {
            var log = await LogStream.ReadAsync(store, id, ct);
            if (log.LatestAt > latest) latest = log.LatestAt;
            var question = new StreamQuestion(server, log, newer, known ?? log.Revision);
            var found = await question.AskAsync(isListed: listed.Contains(id), ct);
            if (known is null && question.IsUnaddressable) unaddressable++;
            return (found, question.Known);
        }
        catch (LogDamagedException e)
        {
            return ([new(id.Value, "log", e.Revision, "damage", "not compared", e.What)], -1);
        }
    }
}
