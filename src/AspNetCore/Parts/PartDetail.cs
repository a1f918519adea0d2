using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What is said of a part at its start and at its end, as one JSON object.</summary>
internal static class PartDetail
{
    /// <summary>Writes the fields of both; of two of the same name the one that was said at the end stands.</summary>
    /// <param name="start">A JSON object; null: nothing was said.</param>
    public static void Write(IBufferWriter<byte> to, string? start, string? end)
    {
        if (start is null || end is null)
        {
            PartFrames.Detail(to, start ?? end);
            return;
        }

        using var first = JsonDocument.Parse(start, KeptJson.Deep);
        using var second = JsonDocument.Parse(end, KeptJson.Deep);
        var later = second.RootElement.EnumerateObject().Select(NameOf).ToHashSet(StringComparer.Ordinal);
        to.Write(",\"detail\":{"u8);
        var isFirst = true;
        foreach (var field in first.RootElement.EnumerateObject().Where(field => !later.Contains(NameOf(field)))) Write(to, field, ref isFirst);
        foreach (var field in second.RootElement.EnumerateObject()) Write(to, field, ref isFirst);
        to.Write("}"u8);
    }

    /// <summary>Half of a surrogate pair is JSON, but not text: then the name as it is written.</summary>
    private static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(field));
        }
    }

    private static void Write(IBufferWriter<byte> to, JsonProperty field, ref bool isFirst)
    {
        if (!isFirst) to.Write(","u8);
        isFirst = false;
        to.Write("\""u8);
        to.Write(JsonMarshal.GetRawUtf8PropertyName(field));
        to.Write("\":"u8);
        Encoding.UTF8.GetBytes(field.Value.GetRawText(), to);
    }
}
