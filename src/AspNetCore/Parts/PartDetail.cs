using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What is said of a part at its start and at its end, as one JSON object.</summary>
internal static class PartDetail
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <summary>Writes the fields of both; of two of the same name the one that was said at the end stands.</summary>
    /// <param name="start">A JSON object; null: nothing was said.</param>
    public static void Write(IBufferWriter<byte> to, string? start, string? end)
    {
        if (start is null || end is null)
        {
            PartFrames.Detail(to, start ?? end);
            return;
        }

        using var first = JsonDocument.Parse(start, Deep);
        using var second = JsonDocument.Parse(end, Deep);
        to.Write(",\"detail\":{"u8);
        var isFirst = true;
        foreach (var field in first.RootElement.EnumerateObject().Where(field => !second.RootElement.TryGetProperty(field.Name, out _)))
            Write(to, field, ref isFirst);
        foreach (var field in second.RootElement.EnumerateObject()) Write(to, field, ref isFirst);
        to.Write("}"u8);
    }

    private static void Write(IBufferWriter<byte> to, JsonProperty field, ref bool isFirst)
    {
        if (!isFirst) to.Write(","u8);
        isFirst = false;
        Sse.String(to, field.Name);
        to.Write(":"u8);
        Encoding.UTF8.GetBytes(field.Value.GetRawText(), to);
    }
}
