using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Counts texts in UTF-16 code units. Streams are stored with their lengths in bytes, so that the text itself
/// is read, of which pieces are kept.</summary>
internal static class TextChars
{
    /// <summary>Of the text up to a point.</summary>
    public static async Task<long> CountAsync(TextSlices texts, StreamPoint point, CancellationToken ct)
    {
        var chars = 0L;
        await foreach (var bytes in texts.ReadAsync(point, 0, point.Summary.Length, ct)) chars += Encoding.UTF8.GetCharCount(bytes.Span);
        return chars;
    }
}
