using System.Net;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Check;

/// <summary>Asks a server about one stream, and holds its answers against the log and against each other: the stream,
/// its text, and the stream as of the text's revision.</summary>
/// <param name="log">Read before.</param>
/// <param name="known">The revision that the server has to have come to.</param>
internal sealed class StreamQuestion(ServerApi server, LogStream log, NewerStreams newer, long known)
{
    /// <summary>How much longer an answer's text may be than the log's: a stream goes on.</summary>
    private const long GrowthBytes = 8 << 20;

    private StreamId Id => log.Id;

    public long Known => known;

    /// <summary>No request can have its id.</summary>
    public bool IsUnaddressable { get; private set; }

    public async Task<IReadOnlyList<CheckFinding>> AskAsync(bool isListed, CancellationToken ct)
    {
        var most = log.TextBytes + GrowthBytes;
        var (answer, shown) = await server.StreamAsync(Id, at: null, most, ct);
        IsUnaddressable = shown is null && answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound && !StreamIdGrammar.Allows(Id.Value);
        if (IsUnaddressable) return [];
        if (log.IsDeleted || shown is null) return NotShown(answer, isListed);
        var (text, textRevision) = await server.TextAsync(Id, most, ct);
        var found = new List<CheckFinding>();
        if (!isListed) found.Add(Of("list", log.Revision, "stream", "not in the list", log.Body?.Summary.Status.Name() ?? "no event"));
        found.AddRange(Listed(shown));
        found.AddRange(await ShownAsync(shown, ct));
        found.AddRange(await TextAsync(text, textRevision, shown, ct));
        return found;
    }

    private async Task<IReadOnlyList<CheckFinding>> ShownAsync(ServerStream shown, CancellationToken ct)
    {
        if (shown.Id != Id.Value) return [Of("stream", null, "id", shown.Id, Id.Value)];
        if (shown.Revision is not { } revision) return [Of("stream", log.Revision, "revision", null, $"{log.Revision}")];
        if (revision < known) return [Of("stream", known, "revision", $"{revision}", $"{known}")];
        if (await log.AtAsync(revision, ct) is { } then) return [.. Comparison.Shown(shown, then)];
        if (log.Body is not { } last) return [Of("stream", null, "stream", shown.Status, "no event in the log")];
        var ahead = Of("stream", log.Revision, "revision", $"{revision}", $"{log.Revision}");
        return !newer.IsCopy || last.Summary.Status.IsEnding() ? [ahead] : [.. newer.Add(ahead, shown.LatestAt), .. await AsOfAsync(last, ct)];
    }

    /// <summary>The text, at the revision that it says it is of; and there the stream has to say the same.</summary>
    private async Task<IReadOnlyList<CheckFinding>> TextAsync(ServerAnswer text, long? said, ServerStream shown, CancellationToken ct)
    {
        if (text.Status != HttpStatusCode.OK) return [Of("text", null, "status", text.Said, "200")];
        if (said is not { } revision) return [Of("text", null, "etag", null, "a revision")];
        if (revision < known) return [Of("text", known, "revision", $"{revision}", $"{known}")];
        if (await log.AtAsync(revision, ct) is not { } then) return Later(text, revision);
        var found = Comparison.Text(Id, text, then).ToList();
        if (revision != shown.Revision) found.AddRange(await AsOfAsync(then, ct));
        return found;
    }

    /// <summary>A text that is later than all that the log has: of a copy it has to be the beginning.</summary>
    private IReadOnlyList<CheckFinding> Later(ServerAnswer text, long revision)
    {
        if (!newer.IsCopy || log.Body is not { } last || last.Summary.Status.IsEnding() || revision <= log.Revision)
            return [Of("text", log.Revision, "revision", $"{revision}", $"{log.Revision}")];
        var (said, stored) = (text.Text, last.Text.ToString());
        return said.StartsWith(stored, StringComparison.Ordinal) ? [] : [.. Comparison.Text(Id, text, last)];
    }

    private async Task<IReadOnlyList<CheckFinding>> AsOfAsync(StreamBody then, CancellationToken ct)
    {
        var (answer, shown) = await server.StreamAsync(Id, then.Revision.Value, then.Summary.Length, ct);
        return shown is null ? [Of("stream", then.Revision.Value, "status", answer.Said, "200")]
            : shown.Revision != then.Revision.Value ? [Of("stream", then.Revision.Value, "revision", $"{shown.Revision}", $"{then.Revision}")]
            : [.. Comparison.Shown(shown, then)];
    }

    /// <summary>What the list said of a stream that a copy of the log has only the beginning of.</summary>
    private IEnumerable<CheckFinding> Listed(ServerStream shown)
    {
        if (newer.Listed(Id) is not { } item || StreamStatusNames.Parse(item.Status) is not { } status || !status.IsEnding()) yield break;
        if (item.Status != shown.Status) yield return Of("list", null, "status", item.Status, $"{shown.Status}, as the stream's own answer says");
        if (item.Revision != shown.Revision) yield return Of("list", null, "revision", $"{item.Revision}", $"{shown.Revision}, as the stream's own answer says");
    }

    private IReadOnlyList<CheckFinding> NotShown(ServerAnswer answer, bool isListed)
    {
        if (log.IsDeleted) return answer.Status == HttpStatusCode.Gone ? [] : [Of("stream", null, "status", answer.Said, "deleted")];
        if (log.Body is null && answer.Status == HttpStatusCode.NotFound) return [];
        var gone = Of("stream", log.Body is null ? null : log.Revision, "status", answer.Said, log.Body?.Summary.Status.Name() ?? "no event");
        return answer.Status == HttpStatusCode.Gone && !isListed ? newer.Add(gone, DateTimeOffset.MaxValue) : [gone];
    }

    private CheckFinding Of(string where, long? revision, string field, string? said, string? stored) =>
        new(Id.Value, where, revision, field, said, stored);
}
