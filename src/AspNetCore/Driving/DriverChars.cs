using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Lengths in UTF-16 code units of what is durable, by the text that the driver has been sent. It keeps the
/// text that is not durable yet, which the stream's unsaved limit bounds.</summary>
internal sealed class DriverChars
{
    private readonly Queue<string> waiting = new();
    private int at;                                                              // chars of the first that are durable
    private long bytes;
    private long chars;

    /// <summary>Of what is durable after an item; null: the item does not say.</summary>
    public long? Count(DriverItem item)
    {
        if (item.Text is { Length: > 0 } text) waiting.Enqueue(text);
        return (item.Saved?.Length ?? item.End?.Length) is { } length ? Until(length) : null;
    }

    private long? Until(long length)
    {
        while (bytes < length && waiting.TryPeek(out var text))
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var count);
            (at, chars, bytes) = (at + count, chars + count, bytes + rune.Utf8SequenceLength);
            if (at < text.Length) continue;
            waiting.Dequeue();
            at = 0;
        }

        return bytes == length ? chars : null;
    }
}
