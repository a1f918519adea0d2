using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>A text in JSON: one string.</summary>
public sealed class TextPiecesJsonConverter : JsonConverter<TextPieces>
{
    public override TextPieces Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String
            ? TextPieces.Empty.Add(reader.GetString()!)
            : throw new JsonException("A text is a string.");

    public override void Write(Utf8JsonWriter writer, TextPieces value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.ToString());
    }
}
