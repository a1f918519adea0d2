using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.Client;

/// <summary>Writes JSON on one line, without comments, also where a string in it is no text (half of a surrogate pair):
/// then as it stands.</summary>
internal sealed class KeptElementConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
    {
        var written = new ArrayBufferWriter<byte>();
        try
        {
            using var inner = new Utf8JsonWriter(written, new JsonWriterOptions { Encoder = writer.Options.Encoder });
            value.WriteTo(inner);
        }
        catch (InvalidOperationException)
        {
            written.Clear();
            Encoding.UTF8.GetBytes(value.GetRawText().Replace('\r', ' ').Replace('\n', ' ').Replace('\t', ' '), written);
        }

        writer.WriteRawValue(written.WrittenSpan, skipInputValidation: true);
    }
}
