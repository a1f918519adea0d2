using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>Labels in JSON: an object of names and values, whose names stay as they are.</summary>
public sealed class LabelsJsonConverter : JsonConverter<Labels>
{
    public override Labels Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.TokenType is not JsonTokenType.StartObject) throw new JsonException("Labels are an object.");
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            pairs[name] = reader.TokenType is JsonTokenType.String
                ? reader.GetString()!
                : throw new JsonException($"The value of the label '{name}' is no string.");
        }

        return Labels.From(pairs);
    }

    public override void Write(Utf8JsonWriter writer, Labels value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        foreach (var (name, text) in value) writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}
