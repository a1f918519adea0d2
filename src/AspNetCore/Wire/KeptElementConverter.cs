using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Writes JSON from elsewhere as it came, however deep, and also where a string in it is no text (half of a
/// surrogate pair): what could be stored can be answered.</summary>
internal sealed class KeptElementConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(KeptJson.OnOneLine(value.GetRawText()), skipInputValidation: true);
}
