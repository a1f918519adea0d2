using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>The input of a stream is the request's own JSON: it goes to the provider as it came, with what is missing
/// added.</summary>
internal static class ChatRequest
{
    public const int MaxModelChars = 256;
    public const string ProviderField = "provider";

    private const string StreamOptionsField = "stream_options";

    public static void Validate(JsonElement? input, ChatEndpoint endpoint)
    {
        if (input is not { ValueKind: JsonValueKind.Object } given)
            throw new InvalidInputException("input", "The input of the source 'openai' is a chat-completion request: an object with messages.");
        try
        {
            if (Value(given, "messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
                throw new InvalidInputException("input.messages", "messages is a list of at least one message, as [{ \"role\": \"user\", \"content\": \"Hello\" }].");
            if (Value(given, "model") is { } model && (model.ValueKind != JsonValueKind.String || model.GetString() is not { Length: > 0 and <= MaxModelChars }))
                throw new InvalidInputException("input.model", $"model is a name of 1 to {MaxModelChars} characters.");
            if (endpoint.IsOpenAI && ModelOf(given, endpoint) is null)
                throw new InvalidInputException("input.model", "No model is given. Name one, or set OpenAI:Model.");
            if (Value(given, "stream") is { ValueKind: not JsonValueKind.True })
                throw new InvalidInputException("input.stream", "The answer is always streamed: leave stream out.");
            if (Value(given, "n") is { } n && !(n.ValueKind == JsonValueKind.Number && n.TryGetInt32(out var answers) && answers == 1))
                throw new InvalidInputException("input.n", "One stream holds one answer: leave n out.");
            if (given.EnumerateObject().Any(property => property.Name.Length == 0))
                throw new InvalidInputException("input", "A field of the input has no name.");
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException("input", "A name in the input holds half of a surrogate pair (as \\ud83d alone): that is JSON, but not text.");
        }
    }

    public static string? ModelOf(JsonElement? input, ChatEndpoint? endpoint) =>
        input is { ValueKind: JsonValueKind.Object } given && Value(given, "model") is { ValueKind: JsonValueKind.String } model
            ? model.GetString()
            : endpoint?.Model;

    /// <summary>The media type of sound in the answer, which the answer itself does not say.</summary>
    public static string SoundTypeOf(JsonElement input) =>
        ProviderJson.Text(ProviderJson.Member(ProviderJson.Member(input, "audio"), "format")) switch
        {
            "mp3" => "audio/mpeg",
            "wav" or "flac" or "opus" or "aac" => $"audio/{ProviderJson.Text(ProviderJson.Member(ProviderJson.Member(input, "audio"), "format"))}",
            _ => "audio/pcm",
        };

    /// <summary>Whether <c>stream_options</c> goes out unless it is left out on purpose: the input's own, or ours,
    /// which asks for the usage.</summary>
    public static bool HasStreamOptions(JsonElement input) =>
        !input.TryGetProperty(StreamOptionsField, out var given) || given.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the input itself holds <c>stream_options</c>, be it as null.</summary>
    public static bool SetsStreamOptions(JsonElement input) => input.TryGetProperty(StreamOptionsField, out _);

    /// <param name="isNamed">The input's <c>provider</c> names this endpoint.</param>
    /// <param name="streamOptions">False leaves <c>stream_options</c> out, whatever the input says.</param>
    public static ReadOnlyMemory<byte> BodyOf(JsonElement input, ChatEndpoint endpoint, bool isNamed, bool streamOptions)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            foreach (var property in input.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Null && property.Name is "model" or "stream" or StreamOptionsField) continue;
                if (property.Name is StreamOptionsField && !streamOptions) continue;
                if (property.Name is ProviderField && isNamed) continue;
                json.WritePropertyName(property.Name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
            }

            if (Value(input, "model") is null && endpoint.Model is { } model) json.WriteString("model", model);
            if (Value(input, "stream") is null) json.WriteBoolean("stream", true);
            if (streamOptions && !SetsStreamOptions(input))
            {
                json.WriteStartObject(StreamOptionsField);
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    /// <summary>JSON's null is the same as nothing.</summary>
    private static JsonElement? Value(JsonElement given, string name) =>
        given.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
