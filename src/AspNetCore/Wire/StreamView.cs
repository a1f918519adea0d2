using System.ComponentModel;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream as the API shows it.</summary>
[Description("A text stream. Times are RFC 3339 UTC; lengths are UTF-8 bytes.")]
internal sealed record StreamView(
    string Id,
    [property: Description("pending, streaming, done, error, cancelled or timeout.")] string Status,
    [property: Description("The text so far; left out in lists and where text=false was asked for.")] string? Text,
    [property: Description("UTF-8 bytes of the text. Left out in a list while the stream runs.")] long? Length,
    [property: Description("The number of the stream's last event. Left out in a list while the stream runs.")] long? Revision,
    string Source,
    DateTime CreatedAt,
    DateTime? StartedAt,
    [property: Description("When it last showed life: its creation, its start, its last text. Left out in a list while the stream runs.")]
    DateTime? LastActivityAt,
    DateTime? EndedAt,
    [property: Description("Why it did not end well.")] ErrorView? Error,
    [property: Description("What the source said of its end, such as stop or length.")] string? FinishReason,
    IReadOnlyDictionary<string, string> Labels)
{
    public static StreamView Of(StreamBody body) => Of(body.Summary, body.Text.ToString());

    public static StreamView Of(StreamSummary stream, string? text = null) => new(
        stream.Id.Value,
        stream.Status.Name(),
        text,
        stream.Length,
        stream.Revision.Value,
        stream.Source,
        stream.CreatedAt.UtcDateTime,
        stream.StartedAt?.UtcDateTime,
        stream.LastActivityAt.UtcDateTime,
        stream.EndedAt?.UtcDateTime,
        ErrorView.Of(stream.Error),
        stream.FinishReason,
        stream.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal));

    /// <summary>The directory hears of a stream's life, not of its text: while it runs, it does not know how far it is.</summary>
    public static StreamView Listed(StreamSummary stream) => stream.Status is StreamStatus.Streaming
        ? Of(stream) with { Length = null, Revision = null, LastActivityAt = null }
        : Of(stream);
}

[Description("Why a stream did not end well.")]
internal sealed record ErrorView([property: Description("Stable; tell cases apart by it.")] string Code, string Message)
{
    public static ErrorView? Of(StreamFailure? failure) => failure is null ? null : new(failure.Code, failure.Message);
}

[Description("A page of streams, newest first, without their texts.")]
internal sealed record StreamListView(
    IReadOnlyList<StreamView> Items,
    [property: Description("Give it as cursor for the next page; left out on the last.")] string? NextCursor);

[Description("A problem (RFC 9457).")]
internal sealed record ProblemDocument(
    [property: Description("Stable; tell cases apart by it.")] string Type,
    string Title,
    int Status,
    [property: Description("What to do.")] string Detail,
    [property: Description("The field, parameter or header at fault.")] string? Field,
    [property: Description("The stream's status.")] string? StreamStatus);
