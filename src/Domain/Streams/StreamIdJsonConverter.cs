using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>A stream's id in JSON: a string.</summary>
public sealed class StreamIdJsonConverter : JsonConverter<StreamId>
{
    public override StreamId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return new(reader.GetString()!);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new JsonException("A stream's id is a string that is not empty.", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, StreamId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}
