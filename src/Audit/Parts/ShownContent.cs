using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourcedStreams.Domain;
using KeptElementConverter = EventSourcedStreams.Client.KeptElementConverter;

namespace EventSourcedStreams.Audit.Parts;

/// <summary>A run of the body, or a part, as <c>text --parts --json</c> and <c>as-of --parts --json</c> write it: the
/// names are the API's.</summary>
/// <param name="Offset">UTF-8 bytes of the body before it.</param>
internal sealed record ShownContent(string Kind, long Offset)
{
    public int? Part { get; init; }

    public int? Of { get; init; }

    public string? Name { get; init; }

    public string? CallId { get; init; }

    public string? MediaType { get; init; }

    public string? Encoding { get; init; }

    /// <summary>As it was stored with the start.</summary>
    [JsonConverter(typeof(KeptElementConverter))]
    public JsonElement? Detail { get; init; }

    /// <summary>Left out where there is a <see cref="Value"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Of a part in JSON whose text is that.</summary>
    [JsonConverter(typeof(KeptElementConverter))]
    public JsonElement? Value { get; init; }

    public string? State { get; init; }

    public string? Error { get; init; }

    /// <summary>As it was stored with the end.</summary>
    [JsonConverter(typeof(KeptElementConverter))]
    public JsonElement? EndDetail { get; init; }

    public static ShownContent From(ContentItem item) => item switch
    {
        ContentItem.Body body => new("text", body.Offset) { Text = body.Text },
        ContentItem.Part part => From(part),
        _ => throw new ArgumentException($"{item} is no content.", nameof(item)),
    };

    private static ShownContent From(ContentItem.Part part)
    {
        var value = part.Start.Encoding is PartEncoding.Json && part.State is not PartState.Open ? Json(part.Text) : null;
        return new(part.Start.Kind, part.Offset)
        {
            Part = part.Number,
            Of = part.Start.Of,
            Name = part.Start.Name,
            CallId = part.Start.CallId,
            MediaType = part.Start.MediaType,
            Encoding = part.Start.Encoding.Name(),
            Detail = Json(part.Start.Detail),
            Text = value is null ? part.Text : null,
            Value = value,
            State = part.State.Name(),
            Error = part.End?.Error,
            EndDetail = Json(part.End?.Detail),
        };
    }

    /// <summary>Null: it is none.</summary>
    private static JsonElement? Json(string? text)
    {
        if (text is null) return null;
        try
        {
            return KeptJson.Parse(text);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
