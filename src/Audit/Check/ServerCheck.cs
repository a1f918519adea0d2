using System.Net;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Check;

/// <summary>
/// Compares a log with the server that runs on it. Both go on meanwhile: a body is compared at the revision with which
/// the server answered, and what does not agree is asked once more, after the list has had time to follow the log. A
/// private copy of a log stands still: there a stream is compared as it was at the copy's last event, and what the
/// server has behind it must be newer than everything in the copy.
/// </summary>
internal sealed class ServerCheck(Store store, ServerApi server, TimeProvider time)
{
    /// <summary>The list follows the log normally within a second.</summary>
    private static readonly TimeSpan RecheckDelay = TimeSpan.FromSeconds(3);

    private readonly List<CheckFinding> findings = [];
    private readonly HashSet<StreamId> listed = [];
    private readonly HashSet<StreamId> doubtful = [];
    private readonly List<(CheckFinding Finding, DateTimeOffset At)> newer = [];
    private readonly bool isCopy = store.Embedded?.IsPrivateCopy ?? store.Location is StoreLocation.Export;
    private DateTimeOffset latest = DateTimeOffset.MinValue;
    private long streams, unaddressable;

    public IReadOnlyList<CheckFinding> Findings => findings;

    public CheckSummary Summary => new(server.Address.ToString(), streams, listed.Count, newer.Count, unaddressable, findings.Count);

    public async Task RunAsync(Advance advance, CancellationToken ct)
    {
        await foreach (var item in server.ListAsync(ct))
        {
            var id = StreamArgument.Parse(item.Id);
            listed.Add(id);
            if ((await ListedAsync(item, id, ct)).Count > 0) doubtful.Add(id);
        }

        await foreach (var entry in store.StreamsAsync(ct))
        {
            advance.To(++streams, Math.Max(streams, listed.Count));
            if ((await StreamAsync(entry.Id, isLast: false, ct)).Count > 0) doubtful.Add(entry.Id);
        }

        if (doubtful.Count > 0) await RecheckAsync(ct);
        foreach (var (finding, at) in newer.Where(found => found.At <= latest).ToList())
        {
            findings.Add(finding);
            newer.Remove((finding, at));
        }
    }

    private async Task RecheckAsync(CancellationToken ct)
    {
        await Task.Delay(RecheckDelay, time, ct);
        listed.ExceptWith(doubtful);
        newer.RemoveAll(found => doubtful.Contains(new StreamId(found.Finding.Id)));
        await foreach (var item in server.ListAsync(ct))
        {
            var id = StreamArgument.Parse(item.Id);
            if (!doubtful.Contains(id) || !listed.Add(id)) continue;
            findings.AddRange(await ListedAsync(item, id, ct));
        }

        foreach (var id in doubtful) findings.AddRange(await StreamAsync(id, isLast: true, ct));
    }

    private async Task<IReadOnlyList<CheckFinding>> ListedAsync(ServerStream item, StreamId id, CancellationToken ct)
    {
        try
        {
            if (await store.SummaryAsync(id, ct) is not { } log)
                return Newer(new(item.Id, "list", null, "stream", item.Status, "not in the log"), item.LatestAt);
            if (log.Status is StreamStatus.Deleted) return [new(item.Id, "list", null, "status", item.Status, "deleted")];
            var hasGoneOn = isCopy && !log.Status.IsEnding() && (item.Revision is not { } revision || revision > log.Revision.Value);
            return [.. hasGoneOn ? Comparison.ListedEarlier(item, log) : Comparison.Listed(item, log)];
        }
        catch (StreamGoneException)
        {
            return [new(item.Id, "list", null, "status", item.Status, "deleted")];
        }
        catch (LogDamagedException)
        {
            return [];                                                          // found again, and named, with the stream itself
        }
    }

    private async Task<IReadOnlyList<CheckFinding>> StreamAsync(StreamId id, bool isLast, CancellationToken ct)
    {
        var (answer, shown) = await server.StreamAsync(id, at: null, ct);
        if (answer.Status == HttpStatusCode.BadRequest)
        {
            if (!isLast) unaddressable++;
            return [];
        }

        var (text, textRevision) = shown is null ? (null, null) : await server.TextAsync(id, ct);
        try
        {
            var fold = await LogFold.ReadAsync(store, id, [shown?.Revision ?? -1, textRevision ?? -1], ct);
            if (fold.LatestAt > latest) latest = fold.LatestAt;
            if (fold.IsDeleted || shown is null) return NotShown(id, answer, fold);
            var found = new List<CheckFinding>();
            if (!listed.Contains(id)) found.AddRange(Unlisted(id, fold));
            found.AddRange(await ShownAsync(shown, fold, ct));
            found.AddRange(Text(id, text!, textRevision, fold));
            return found;
        }
        catch (LogDamagedException e)
        {
            return [new(id.Value, "log", e.Revision, "damage", answer.Said, e.What)];
        }
    }

    /// <summary>A text that is later than all that a copy has is not compared: that the stream has gone on, its own
    /// answer says.</summary>
    private static IEnumerable<CheckFinding> Text(StreamId id, ServerAnswer text, long? revision, LogFold fold)
    {
        if (text.Status != HttpStatusCode.OK) return [new(id.Value, "text", null, "status", text.Said, "200")];
        if (revision is null) return [new(id.Value, "text", null, "etag", text.Tag, "a revision")];
        return fold.At.TryGetValue(revision.Value, out var body) ? Comparison.Text(id, text, body) : [];
    }

    private async Task<IReadOnlyList<CheckFinding>> ShownAsync(ServerStream shown, LogFold fold, CancellationToken ct)
    {
        var revision = shown.Revision ?? -1;
        if (fold.At.TryGetValue(revision, out var body)) return [.. Comparison.Shown(shown, body)];
        if (fold.Last is not { } last) return [new(shown.Id, "stream", null, "stream", shown.Status, "no event in the log")];
        var ahead = new CheckFinding(shown.Id, "stream", last.Revision.Value, "revision", $"{revision}", $"{last.Revision}");
        if (!isCopy || last.Summary.Status.IsEnding()) return [ahead];
        var (answer, then) = await server.StreamAsync(last.Summary.Id, last.Revision, ct);
        return then is null
            ? [new(shown.Id, "stream", last.Revision.Value, "status", answer.Said, "200")]
            : [.. Newer(ahead, shown.LatestAt), .. Comparison.Shown(then, last)];
    }

    private static CheckFinding[] Unlisted(StreamId id, LogFold fold) =>
        [new(id.Value, "list", fold.Last?.Revision.Value, "stream", "not in the list", fold.Last?.Summary.Status.Name() ?? "no event")];

    private IReadOnlyList<CheckFinding> NotShown(StreamId id, ServerAnswer answer, LogFold fold)
    {
        if (fold.Last is null && answer.Status == HttpStatusCode.NotFound && !fold.IsDeleted) return [];
        if (fold.IsDeleted)
            return answer.Status == HttpStatusCode.Gone ? [] : [new(id.Value, "stream", null, "status", answer.Said, "deleted")];
        var gone = new CheckFinding(
            id.Value, "stream", fold.Last?.Revision.Value, "status", answer.Said, fold.Last?.Summary.Status.Name() ?? "no event");
        return answer.Status == HttpStatusCode.Gone ? Newer(gone, DateTimeOffset.MaxValue) : [gone];
    }

    /// <summary>What a copy of the log cannot have: told from what it lacks by its time, once all of the copy has been
    /// read.</summary>
    private IReadOnlyList<CheckFinding> Newer(CheckFinding finding, DateTimeOffset at)
    {
        if (!isCopy) return [finding];
        if (!newer.Any(found => found.Finding.Id == finding.Id)) newer.Add((finding, at));
        return [];
    }
}
