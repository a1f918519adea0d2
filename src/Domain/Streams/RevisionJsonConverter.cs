using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>A revision in JSON: a number, -1 for <see cref="Revision.None"/>.</summary>
public sealed class RevisionJsonConverter : JsonConverter<Revision>
{
    public override Revision Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= -1
            ? Revision.From(value)
            : throw new JsonException("A revision is a whole number, -1 or more.");

    public override void Write(Utf8JsonWriter writer, Revision value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value.Value);
    }
}
