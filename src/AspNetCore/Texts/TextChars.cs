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

    /// <summary>Of the text up to a revision that is there.</summary>
    /// <exception cref="LogUnavailableException">The log does not answer, or does not have it yet.</exception>
    public static async Task<long> CountAsync(TextSlices texts, StreamSummaries summaries, StreamId stream, Revision upTo, CancellationToken ct)
    {
        if (upTo == Revision.None) return 0;
        var point = await summaries.FindAsync(stream, upTo, ct) ?? throw new LogUnavailableException("What the client has is not there.");
        return await CountAsync(texts, point, ct);
    }
}
