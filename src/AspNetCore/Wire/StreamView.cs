using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream as the API shows it.</summary>
[Description("A text stream. Times are RFC 3339 UTC; lengths are UTF-8 bytes.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record StreamView : ListedStreamView
{
    public required string Id { get; init; }

    [Description("pending, streaming, done, error, cancelled or timeout.")]
    public required string Status { get; init; }

    [Description("The text so far. Left out in lists and where text=false was asked for.")]
    public string? Text { get; init; }

    [Description("UTF-8 bytes of the text. Left out in a list while the stream runs.")]
    public long? Length { get; init; }

    [Description("UTF-16 code units of the text; with units=utf16.")]
    public long? Chars { get; init; }

    [Description("The number of the stream's last event. Left out in a list while the stream runs.")]
    public long? Revision { get; init; }

    public required string Source { get; init; }

    public required DateTime CreatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTime? StartedAt { get; init; }

    [Description("When it last showed life: its creation, its start, its last text. Left out in a list.")]
    public DateTime? LastActivityAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTime? EndedAt { get; init; }

    [Description("Why it did not end well. Left out where it did, or has not ended.")]
    public ErrorView? Error { get; init; }

    [Description("What the source said of its end, such as stop or length.")]
    public string? FinishReason { get; init; }

    [Description("How many U+FFFD in the text stand for bytes that were no text. Left out where the upload was not told to replace such.")]
    public long? Replaced { get; init; }

    [Description("The provider's own JSON on what the text cost.")]
    [JsonConverter(typeof(KeptElementConverter))]
    public JsonElement? Usage { get; init; }

    [Description("The first words of its input, where it has any.")]
    public string? Title { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [Description("The first event in the stream that another program has written; all else is as it was before it. Left out where there is none.")]
    public ForeignView? Foreign { get; init; }

    [Description("The answer in order, parts and the body between them; with parts=true.")]
    public IReadOnlyList<ContentView>? Content { get; init; }

    public static StreamView Of(StreamSummary stream, string? text = null) => new()
    {
        Id = stream.Id.Value,
        Status = stream.Status.Name(),
        Text = text,
        Length = stream.Length,
        Revision = stream.Revision.Value,
        Source = stream.Source,
        CreatedAt = stream.CreatedAt.UtcDateTime,
        StartedAt = stream.StartedAt?.UtcDateTime,
        LastActivityAt = stream.LastActivityAt.UtcDateTime,
        EndedAt = stream.EndedAt?.UtcDateTime,
        Error = ErrorView.Of(stream.Error),
        FinishReason = stream.FinishReason,
        Replaced = stream.Replaced,
        Usage = stream.Usage is { } usage ? KeptJson.Parse(usage) : null,
        Title = stream.Title,
        Labels = stream.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal),
        Foreign = ForeignView.Of(stream.Foreign),
    };

    /// <summary>The catalog hears of a stream's life, not of its text: how far one is that runs, and when its last
    /// text came, it does not know.</summary>
    internal static StreamView OfListed(StreamSummary stream) => stream.Status is StreamStatus.Streaming
        ? Of(stream) with { Length = null, Revision = null, LastActivityAt = null }
        : Of(stream) with { LastActivityAt = null };
}

[Description("Why a stream did not end well.")]
internal sealed record ErrorView(
    [property: Description("Stable; tell cases apart by it.")] string Code,
    string Message,
    [property: Description("The actor that cancelled it; left out for any other ending.")] string? By = null)
{
    public static ErrorView? Of(StreamFailure? failure) => failure is null ? null : new(failure.Code, failure.Message, failure.By);
}

/// <summary>A stream in a list: whole, or no more than that it is there.</summary>
[Description("A stream in a list: as a query has it, without text; or, where its life cannot be read, no more than its id and why.")]
[JsonDerivedType(typeof(StreamView))]
[JsonDerivedType(typeof(UnreadStreamView))]
internal abstract record ListedStreamView
{
    public static ListedStreamView Listed(StreamSummary stream) =>
        stream is { HasBegun: true, IsDamaged: false } ? StreamView.OfListed(stream) : UnreadStreamView.Of(stream);
}

[Description("A stream of which nothing more is said, because what is stored of its life is damaged, or another program has begun it.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record UnreadStreamView(
    string Id,
    [property: Description("true: what is stored of its life cannot be what was written. Left out where that is not so.")] bool? Damaged = null,
    [property: Description("The first event in the stream that another program has written; left out where there is none.")] ForeignView? Foreign = null)
    : ListedStreamView
{
    public static UnreadStreamView Of(StreamSummary stream) =>
        new(stream.Id.Value, stream.IsDamaged ? true : null, ForeignView.Of(stream.Foreign));
}

[Description("An event that another program has written.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record ForeignView([property: Description("As the other program calls it.")] string Type, long Revision)
{
    public static ForeignView? Of(ForeignEvent? foreign) => foreign is null ? null : new(foreign.Type, foreign.Revision.Value);
}

[Description("A page of streams, newest first, without their texts.")]
internal sealed record StreamListView(
    IReadOnlyList<ListedStreamView> Items,
    [property: Description("Give it as cursor for the next page; left out on the last.")] string? NextCursor = null,
    [property: Description("How many there are on all pages; with count=true.")] long? Total = null,
    [property: Description("Give it as position to wait for another list than this; with wait.")] string? Position = null)
{
    public static StreamListView Of(CatalogPage page, string? position = null) =>
        new([.. page.Items.Select(ListedStreamView.Listed)], page.NextCursor, page.Total, position);
}

[Description("A problem (RFC 9457).")]
internal sealed record ProblemDocument(
    [property: Description("Stable; tell cases apart by it.")] string Type,
    string Title,
    int Status,
    [property: Description("What to do.")] string Detail,
    [property: Description("The field, parameter or header at fault.")] string? Field = null,
    [property: Description("The stream's status.")] string? StreamStatus = null);
