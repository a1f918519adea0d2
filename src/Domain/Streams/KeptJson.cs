using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>JSON from elsewhere that is kept as it came: an input, a usage, a part's detail.</summary>
internal static class KeptJson
{
    /// <summary>Levels of a stored event; deeper than what a request's body may nest, so that what was accepted can be
    /// read.</summary>
    public const int MaxDepth = 256;

    /// <summary>Levels of what stands within an event.</summary>
    public const int MaxInnerDepth = MaxDepth - 1;

    /// <summary>For reading what is stored: with the default, which is 64, some of it could be written and never be
    /// read.</summary>
    public static JsonDocumentOptions Deep { get; } = new() { MaxDepth = MaxDepth };

    /// <exception cref="JsonException">It is not JSON, or nests deeper than anything that is stored.</exception>
    public static JsonElement Parse(string json) => JsonElement.Parse(json, Deep);

    /// <returns>The member of an object; null: it has none of that name, or names that are not text.</returns>
    /// <exception cref="JsonException">It is not JSON, or nests deeper than anything that is stored.</exception>
    public static JsonElement? Field(string json, string name)
    {
        try
        {
            return Parse(json).TryGetProperty(name, out var field) ? field : null;
        }
        catch (InvalidOperationException) // half of a surrogate pair is JSON, but not text
        {
            return null;
        }
    }

    /// <summary>Whether it is JSON of which every string is text: half of a surrogate pair, as <c>\ud83d</c> alone, is
    /// JSON and no text.</summary>
    public static bool IsText(string json)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                if (reader.ValueIsEscaped && reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <returns>Why it cannot be kept; null: it can.</returns>
    public static string? Fault(string json)
    {
        try
        {
            using var _ = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxInnerDepth });
            return null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Half of a surrogate pair is an argument's fault.
            return IsTooDeep(json) ? $"it nests deeper than {MaxInnerDepth} levels" : "it is not JSON";
        }
    }

    /// <returns>Why a usage is left out of its stream's ending; null: it is kept, or there is none.</returns>
    public static string? UsageFault(string? usage) =>
        usage is null ? null
        : Encoding.UTF8.GetByteCount(usage) is var bytes && bytes > TextLimits.UsageBytes ? $"it has {bytes} bytes; at most {TextLimits.UsageBytes} are kept"
        : Fault(usage);

    /// <summary>JSON as a provider sent it may have line ends between its tokens; an event's data must not.</summary>
    public static string OnOneLine(string json) => json.Replace('\r', ' ').Replace('\n', ' ');

    private static bool IsTooDeep(string json)
    {
        try
        {
            using var _ = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue });
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
