using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A field's value, or a refusal that names the field.</summary>
internal static class JsonFieldReading
{
    public static string Text(this JsonProperty field) => field.Value.ValueKind == JsonValueKind.String
        ? field.Value.GetString()!
        : throw field.Refused("is a string.");

    /// <param name="least">This value included.</param>
    /// <param name="most">This value included.</param>
    public static TimeSpan Seconds(this JsonProperty field, long least, long most) =>
        field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt64(out var seconds) && seconds >= least && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw field.Refused($"is a whole number of seconds, {least} to {most}.");

    public static RefusedException Refused(this JsonProperty field, string rule) => new(Refusals.Invalid(field.Name, $"{field.Name} {rule}"));

    /// <summary>Named, but cut: a client must not get its own megabyte back.</summary>
    public static RefusedException Unknown(this JsonProperty field, string known)
    {
        var name = field.Name.Length <= 64 ? field.Name : field.Name[..(char.IsHighSurrogate(field.Name[63]) ? 63 : 64)] + "…";
        return new(Refusals.Invalid(name, $"There is no field '{name}' here. There are: {known}."));
    }

    public static int Bytes(this JsonElement element) => Encoding.UTF8.GetByteCount(element.GetRawText());
}
