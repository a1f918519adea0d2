using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>Reads JSON of which nothing is certain but that it is JSON.</summary>
internal static class ProviderJson
{
    public static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Null where there is none, or JSON's null, or <paramref name="of"/> is no object.</summary>
    public static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A string, halves of surrogate pairs included, with U+FFFD for what is not UTF-8; null for anything
    /// else.</summary>
    public static string? Text(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.String } text) return null;
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            // A provider that cuts its text between two UTF-16 units sends "\ud83d" and then "\ude00": the pair is put
            // together later.
            return Unescape(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(text)[1..^1]));
        }
    }

    /// <summary>Whether it says nothing: null, false, 0, white space, an empty list or object, or one of nothing
    /// else.</summary>
    public static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetDouble(out var number) && number == 0,
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(value)[1..^1].Trim(" \t"u8).IsEmpty,
        JsonValueKind.Array => value.EnumerateArray().All(IsNothing),
        JsonValueKind.Object => value.EnumerateObject().All(member => IsNothing(member.Value)),
        _ => false,
    };

    /// <summary>As it is written, but without the comments and commas that <see cref="Options"/> let pass and JSON does
    /// not have.</summary>
    public static string Strict(JsonElement value)
    {
        var raw = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));
        if (KeptJson.Fault(raw) is null) return raw;
        var strict = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(strict, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            value.WriteTo(json);
        }
        catch (InvalidOperationException) // half of a surrogate pair is JSON, but not text
        {
            return raw;
        }

        return Encoding.UTF8.GetString(strict.WrittenSpan);
    }

    /// <summary>An object of these members, as they are written.</summary>
    public static string Object(IEnumerable<JsonProperty> members) =>
        $"{{{string.Join(',', members.Select(member => member.ToString()))}}}";

    public static string Object(JsonProperty member) => Object([member]);

    public static string Object(string name, string json) => $"{{\"{name}\":{json}}}";

    private static string Unescape(string json)
    {
        var text = new StringBuilder(json.Length);
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] != '\\')
            {
                text.Append(json[at]);
                continue;
            }

            at++;
            text.Append(json[at] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)ushort.Parse(json.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var itself => itself,
            });
            if (json[at] == 'u') at += 4;
        }

        return text.ToString();
    }
}
