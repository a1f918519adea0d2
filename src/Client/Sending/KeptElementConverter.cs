using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.Client;

/// <summary>Writes JSON as it came, also where a string in it is no text (half of a surrogate pair).</summary>
internal sealed class KeptElementConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
}
