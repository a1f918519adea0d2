using System.Globalization;
using System.Text.Json;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Check;

/// <summary>Compares what the server shows of a stream with what was folded from the log.</summary>
internal static class Comparison
{
    /// <summary>An item of the list with the whole stream: what an item leaves out is not compared.</summary>
    public static IEnumerable<CheckFinding> Listed(ServerStream server, StreamSummary log) =>
        Found(server, log, "list", [.. Fixed(server, log), .. Changing(server, log, isWhole: log.Status is not StreamStatus.Streaming)]);

    /// <summary>Only what does not change in a stream's life.</summary>
    public static IEnumerable<CheckFinding> ListedEarlier(ServerStream server, StreamSummary log) =>
        Found(server, log, "list", Fixed(server, log));

    public static IEnumerable<CheckFinding> Shown(ServerStream server, StreamBody log) => Found(
        server,
        log.Summary,
        "stream",
        [
            .. Fixed(server, log.Summary),
            .. Changing(server, log.Summary, isWhole: true),
            ("lastActivityAt", Show(server.LastActivityAt), Show(log.Summary.LastActivityAt)),
            ("text", server.Text, log.Text.ToString()),
        ]);

    public static IEnumerable<CheckFinding> Text(StreamId id, ServerAnswer server, StreamBody log)
    {
        var (said, stored) = (server.Text, log.Text.ToString());
        if (said == stored) yield break;
        var (cutServer, cutLog) = Excerpts.Of(said, stored);
        yield return new CheckFinding(id.Value, "text", log.Revision.Value, "text", cutServer, cutLog);
    }

    private static IReadOnlyList<(string Field, string? Server, string? Log)> Fixed(ServerStream server, StreamSummary log) =>
    [
        ("source", server.Source, log.Source),
        ("createdAt", Show(server.CreatedAt), Show(log.CreatedAt)),
        ("title", server.Title, log.Title),
        ("labels", Show(server.Labels), Show(log.Labels)),
    ];

    /// <param name="isWhole">A list leaves out how far a stream is that runs.</param>
    private static IEnumerable<(string Field, string? Server, string? Log)> Changing(ServerStream server, StreamSummary log, bool isWhole)
    {
        yield return ("status", server.Status, log.Status.Name());
        yield return ("startedAt", Show(server.StartedAt), Show(log.StartedAt));
        yield return ("endedAt", Show(server.EndedAt), Show(log.EndedAt));
        yield return ("error", Show(server.Error), Show(log.Error));
        yield return ("finishReason", server.FinishReason, log.FinishReason);
        yield return ("replaced", Show(server.Replaced), Show(log.Replaced));
        if (!IsSame(server.Usage, log.Usage)) yield return ("usage", server.Usage?.GetRawText() ?? "(none)", log.Usage ?? "(nothing)");
        if (isWhole || server.Length is not null) yield return ("length", Show(server.Length), Show(log.Length));
        if (isWhole || server.Revision is not null) yield return ("revision", Show(server.Revision), Show(log.Revision.Value));
    }

    private static IEnumerable<CheckFinding> Found(
        ServerStream server, StreamSummary log, string where, IEnumerable<(string Field, string? Server, string? Log)> fields)
    {
        foreach (var (field, said, stored) in fields)
        {
            if (said == stored) continue;
            var (cutServer, cutLog) = Excerpts.Of(said, stored);
            yield return new CheckFinding(server.Id, where, log.Revision.Value, field, cutServer, cutLog);
        }
    }

    private static string? Show(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string? Show(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static bool IsSame(JsonElement? server, string? log)
    {
        if (server is null || log is null or "null") return server is null && log is null or "null";
        try
        {
            return JsonElement.DeepEquals(server.Value, KeptJson.Parse(log));
        }
        catch (InvalidOperationException) // half of a surrogate pair is JSON, but not text
        {
            return KeptJson.OnOneLine(server.Value.GetRawText()) == KeptJson.OnOneLine(log);    // as the server says it
        }
    }

    private static string? Show(StreamFailure? error) =>
        error is null ? null : $"{error.Code}: {error.Message}{(error.By is { } by ? $" (by {by})" : "")}";

    private static string Show(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}: {label.Value}"));
}
