using System.Runtime.CompilerServices;
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
/// Gathers a stream's body and parts and says when they are to go to the log: a text ends a sentence or a line, a part
/// starts or ends, the first piece has waited for the flush interval, or the batch is full. Starts and ends keep their
/// place exactly; between two of them the text of one part, or of the body, joins, in the order of first pieces, so
/// that texts that interleave token by token are an event each. While an append is in flight no batch is taken, so a
/// slow log makes batches larger. Not safe for several threads.
/// </summary>
internal sealed class ContentBatcher(BatchLimits limits)
{
    /// <summary>What an event takes beside its text: its field names and numbers, and the metadata with the longest
    /// actor.</summary>
    private const int EventOverheadBytes = 4 * 1024;

    private readonly List<GatheredItem> waiting = [];
    private readonly GatheredText body = new();
    private int segment;
    private bool isDue;
    private TimeSpan firstAt;

    public bool IsEmpty => waiting.Count == 0;

    /// <summary>UTF-8 bytes of text and details that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a piece of the body.</summary>
    /// <inheritdoc cref="Add(GatheredText, string, int, DateTimeOffset, TimeSpan)"/>
    public void Add(string piece, int bytes, DateTimeOffset at, TimeSpan now) => Add(body, piece, bytes, at, now);

    /// <param name="text">Of the part that the piece belongs to.</param>
    /// <param name="piece">Whole code points, not empty.</param>
    /// <param name="bytes">Its UTF-8 bytes.</param>
    /// <param name="at">The wall clock, for display.</param>
    /// <param name="now">A monotonic clock.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public void Add(GatheredText text, string piece, int bytes, DateTimeOffset at, TimeSpan now)
    {
        if (IsEmpty) firstAt = now;
        if (text.Begin(segment, at) is { } begun) waiting.Add(new GatheredItem(begun, null));
        text.Run!.Text.Add(piece);
        Bytes += bytes;
        isDue |= text.EndsWith(piece);
    }

    /// <summary>Adds the start or the end of a part.</summary>
    /// <param name="bytes">UTF-8 bytes of its detail.</param>
    public void Add(StreamCommand startOrEnd, long bytes, TimeSpan now)
    {
        if (IsEmpty) firstAt = now;
        waiting.Add(new GatheredItem(null, startOrEnd));
        Bytes += bytes;
        segment++;                                                               // no text joins over it
        isDue = true;
    }

    /// <summary>How long until what waits is due: zero or less is now, null never (there is nothing).</summary>
    public TimeSpan? DueIn(TimeSpan now) =>
        IsEmpty ? null : isDue || Bytes >= limits.FullBytes ? TimeSpan.Zero : firstAt + limits.FlushInterval - now;

    /// <summary>Takes what one append can carry, in order; what is left is due at once.</summary>
    /// <param name="at">The time of the commands.</param>
    public Batch Take(DateTimeOffset at)
    {
        var filling = new Filling(at);
        var taken = 0;
        while (taken < waiting.Count && filling.Room > EventOverheadBytes && AddWhatFits(waiting[taken], filling)) taken++;
        waiting.RemoveRange(0, taken);
        Bytes -= filling.Bytes;
        isDue = !IsEmpty;
        return new Batch(filling.Commands, filling.BodyBytes, filling.Bytes);
    }

    /// <returns>Whether all of it fits.</returns>
    private static bool AddWhatFits(GatheredItem item, Filling filling)
    {
        if (item.Run is { } run) return AddWhatFits(run, filling);
        var (encoded, bytes) = SizeOf(item.StartOrEnd!);
        if (EventOverheadBytes + encoded > filling.Room) return false;
        filling.Add(item.StartOrEnd! with { At = filling.At }, EventOverheadBytes + encoded, bytes);
        return true;
    }

    private static bool AddWhatFits(GatheredRun run, Filling filling)
    {
        var taken = 0;
        var all = run.Text.Text;
        while (taken < all.Length && filling.Room > EventOverheadBytes)
        {
            var rest = all[taken..];
            var encodedBytes = Math.Min(TextLimits.ChunkEncodedBytes, filling.Room - EventOverheadBytes);
            var chars = TextCut.Chars(rest, TextLimits.ChunkBytes, encodedBytes);
            if (chars == 0) break;
            var chunk = rest[..chars].ToString();
            var encoded = chars * 6 <= filling.Room / 8 ? chars * 6 : TextCut.EncodedBytes(chunk);
            filling.Add(run.Command(chunk, filling.At), EventOverheadBytes + encoded, Encoding.UTF8.GetByteCount(chunk));
            taken += chars;
        }

        if (taken < all.Length)
        {
            run.Text.RemoveFirst(taken);
            return false;
        }

        run.IsOver();
        return true;
    }

    /// <summary>Beside the overhead of any event, as stored; and its detail.</summary>
    private static (int Encoded, long Bytes) SizeOf(StreamCommand startOrEnd) => startOrEnd switch
    {
        StreamCommand.StartPart { What: var start } when PartLimits.BytesOf(start.Detail) is var detail =>
            ((int)detail + Encoded(start.Name) + Encoded(start.CallId) + Encoded(start.MediaType), detail),
        StreamCommand.EndPart { End: var end } when PartLimits.BytesOf(end.Detail) is var detail => ((int)detail + Encoded(end.Error), detail),
        _ => (0, 0),
    };

    private static int Encoded(string? text) => text is null ? 0 : TextCut.EncodedBytes(text);

    /// <summary>One append while it is being filled.</summary>
    private sealed class Filling(DateTimeOffset at)
    {
        public DateTimeOffset At => at;

        public List<StreamCommand> Commands { get; } = [];

        /// <summary>Encoded bytes that are free.</summary>
        public int Room { get; private set; } = TextLimits.AppendBytes - TextLimits.EndingBytes;

        public long BodyBytes { get; private set; }

        public long Bytes { get; private set; }

        public void Add(StreamCommand command, int encoded, long bytes)
        {
            Commands.Add(command);
            Room -= encoded;
            Bytes += bytes;
            if (command is StreamCommand.PersistChunk) BodyBytes += bytes;
        }
    }
}

/// <param name="Commands">In order.</param>
/// <param name="BodyBytes">UTF-8 bytes of the body.</param>
/// <param name="Bytes">UTF-8 bytes of body and parts.</param>
internal sealed record Batch(IReadOnlyList<StreamCommand> Commands, long BodyBytes, long Bytes);
