using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>A status in JSON: its name, as stored and sent over HTTP.</summary>
public sealed class StreamStatusJsonConverter : JsonConverter<StreamStatus>
{
    public override StreamStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && StreamStatusNames.Parse(reader.GetString()) is { } status
            ? status
            : throw new JsonException("No status of a stream has this name.");

    public override void Write(Utf8JsonWriter writer, StreamStatus value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Name());
    }
}
