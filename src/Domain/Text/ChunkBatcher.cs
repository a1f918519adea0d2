using System.Text;

namespace EventSourcedStreams.Domain;

/// <param name="FlushInterval">From a batch's first piece to its append; the most text a crash can lose is what came in
/// it.</param>
/// <param name="FullBytes">UTF-8 bytes at which a batch waits no longer; it may pass this by the length of its last
/// piece.</param>
internal sealed record BatchLimits(TimeSpan FlushInterval, int FullBytes = 16 * 1024)
{
    public static BatchLimits Default { get; } = new(TimeSpan.FromMilliseconds(100));
}

/// <summary>
/// Gathers a stream's text and says when it is to go to the log: it ends a sentence or a line, its first piece has
/// waited for the flush interval, or it is full. While an append is in flight no batch is taken, so a slow log makes
/// batches larger. Not safe for several threads.
/// </summary>
internal sealed class ChunkBatcher(BatchLimits limits)
{
    private readonly StringBuilder text = new();
    private SentenceBoundary boundary;
    private bool ended;
    private DateTimeOffset since;
    private TimeSpan firstAt;

    public bool IsEmpty => text.Length == 0;

    /// <summary>UTF-8 bytes that wait.</summary>
    public long Bytes { get; private set; }

    /// <param name="piece">Whole code points, not empty.</param>
    /// <param name="bytes">Its UTF-8 bytes.</param>
    /// <param name="at">The wall clock, for display.</param>
    /// <param name="now">A monotonic clock.</param>
    public void Add(string piece, int bytes, DateTimeOffset at, TimeSpan now)
    {
        if (IsEmpty) (since, firstAt) = (at, now);
        text.Append(piece);
        Bytes += bytes;
        ended |= boundary.Next(piece);
    }

    /// <summary>How long until the text that waits is due: zero or less is now, null never (there is none).</summary>
    public TimeSpan? DueIn(TimeSpan now) =>
        IsEmpty ? null : ended || Bytes >= limits.FullBytes ? TimeSpan.Zero : firstAt + limits.FlushInterval - now;

    /// <summary>Takes what one append can carry, as chunks; what is left is due at once.</summary>
    public Batch Take()
    {
        var chunks = new List<string>();
        var room = TextLimits.AppendBytes - TextLimits.EndingBytes;
        var (taken, bytes) = (0, 0L);
        var all = text.ToString();
        while (taken < all.Length && room > EventOverheadBytes)
        {
            var rest = all.AsSpan(taken);
            var chars = TextCut.Chars(rest, TextLimits.ChunkBytes, Math.Min(TextLimits.ChunkEncodedBytes, room - EventOverheadBytes));
            if (chars == 0) break;
            var chunk = chars == all.Length ? all : rest[..chars].ToString();
            chunks.Add(chunk);
            taken += chars;
            bytes += Encoding.UTF8.GetByteCount(chunk);
            room -= EventOverheadBytes + (chars * 6 <= room / 8 ? chars * 6 : TextCut.EncodedBytes(chunk));
        }

        text.Remove(0, taken);
        Bytes -= bytes;
        ended = !IsEmpty;
        return new Batch(chunks, bytes, since);
    }

    /// <summary>What an event takes beside its text: its field names and numbers, and the metadata with the longest
    /// actor.</summary>
    private const int EventOverheadBytes = 4 * 1024;
}

/// <param name="Bytes">UTF-8 bytes of all chunks.</param>
/// <param name="Since">When the first piece came.</param>
internal sealed record Batch(IReadOnlyList<string> Chunks, long Bytes, DateTimeOffset Since);
