using System.Runtime.CompilerServices;
using System.Text;
using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>
/// What a stream's source says: the body and the parts, held to what one stream may hold, sent to the driver, and
/// gathered until the log has it. Under its runner's gate.
/// </summary>
internal sealed class RunningContent(DrivingLimits limits, ClientQueue output, UnsavedBudget unsavedTotal, DriveTelemetry told)
{
    private readonly ContentBatcher batcher = new(limits.Batch);
    private readonly List<RunningPart> open = [];
    private int parts;
    private long accepted;
    private long saved;

    public RunningText Body { get; } = new(null);

    /// <summary>UTF-8 bytes of the body that are durable.</summary>
    public long SavedBody { get; private set; }

    /// <summary>As the ending tells it; null: the source does not count them.</summary>
    public long? Replaced { get; private set; }

    /// <summary>Nothing waits for an append.</summary>
    public bool IsEmpty => batcher.IsEmpty;

    /// <summary>Not too much is unsaved: neither of this stream, nor over all of them where it has a part in
    /// that.</summary>
    public bool HasRoom => Unsaved < limits.UnsavedLimit && (Unsaved == 0 || !unsavedTotal.IsFull);

    /// <summary>How many more parts may be started now, those that are open in mind.</summary>
    public int PartsLeft => Math.Min(PartLimits.Parts - parts, PartLimits.OpenParts - open.Count);

    private long Unsaved => accepted - saved;

    /// <inheritdoc cref="ContentBatcher.DueIn"/>
    public TimeSpan? DueIn(TimeSpan now) => batcher.DueIn(now);

    public void CountReplaced(int count) => Replaced = (Replaced ?? 0) + count;

    /// <param name="text">Whole code points, not empty.</param>
    /// <param name="replacedInText">Of what was counted as replaced, what stands in it.</param>
    /// <param name="at">The wall clock, for display.</param>
    /// <param name="now">A monotonic clock.</param>
    /// <returns>False: the stream holds no more than the beginning of it, which was taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public bool TryAdd(RunningText to, string text, int? replacedInText, DateTimeOffset at, TimeSpan now)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (accepted + bytes <= limits.MaxLength)
        {
            Gather(to, text, bytes, at, now);
            return true;
        }

        var fits = text[..TextCut.Chars(text, (int)(limits.MaxLength - accepted), int.MaxValue)];
        if (fits.Length > 0) Gather(to, fits, Encoding.UTF8.GetByteCount(fits), at, now);
        if (replacedInText is > 0) Replaced -= replacedInText - Math.Min(replacedInText.Value, fits.Count(c => c == '\uFFFD'));
        return false;
    }

    /// <exception cref="ArgumentException">The part says something of one that there is not.</exception>
    /// <exception cref="InvalidOperationException">There are too many, or too many open ones.</exception>
    public RunningPart NewPart(StreamRunner runner, PartStart start)
    {
        if (PartLimits.OfFault(start, parts) is { } unknown) throw new ArgumentException(unknown, nameof(start));
        if (parts >= PartLimits.Parts) throw new InvalidOperationException($"A stream has at most {PartLimits.Parts} parts.");
        if (open.Count >= PartLimits.OpenParts)
            throw new InvalidOperationException($"{PartLimits.OpenParts} parts are open, the most at one time: end one first.");

        var part = new RunningPart(runner, ++parts, start.Kind);
        open.Add(part);
        return part;
    }

    /// <exception cref="InvalidOperationException">It has ended already.</exception>
    public void Close(RunningPart part)
    {
        if (part.HasEnded) throw new InvalidOperationException($"Part {part.Number} has ended already.");
        part.HasEnded = true;
        open.Remove(part);
    }

    /// <returns>False: the stream has no room for it.</returns>
    public bool TryStart(RunningPart part, PartStart start, DateTimeOffset at, TimeSpan now)
    {
        if (!HasRoomFor(start.Detail)) return false;
        output.PartStarted(part.Number, start, Body.Bytes);
        Gather(new StartPart(start, at) { At = at }, start.Detail, now);
        return true;
    }

    /// <returns>False: the stream has no room for it. Without what it says of itself it has not ended: it is cut
    /// off.</returns>
    public bool TryEnd(RunningPart part, PartEnd end, DateTimeOffset at, TimeSpan now)
    {
        Finish(part, at, now);
        if (!HasRoomFor(end.Detail)) return false;
        output.PartEnded(part.Number, part.Bytes, end);
        Gather(new EndPart(part.Number, end, at) { At = at }, end.Detail, now);
        return true;
    }

    /// <summary>No more text comes, neither of the body nor of a part.</summary>
    public void Finish(DateTimeOffset at, TimeSpan now)
    {
        Finish(Body, at, now);
        foreach (var part in open) Finish(part, at, now);
    }

    /// <inheritdoc cref="ContentBatcher.Take(DateTimeOffset)"/>
    public Batch Take(DateTimeOffset at) => batcher.Take(at);

    /// <summary>What was taken is durable.</summary>
    public void Saved(Batch batch)
    {
        saved += batch.Bytes;
        SavedBody += batch.BodyBytes;
        unsavedTotal.Remove(batch.Bytes);
    }

    /// <summary>What is not durable will not be: it counts as unsaved no longer.</summary>
    public void LetGo()
    {
        unsavedTotal.Remove(Unsaved);
        saved = accepted;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(RunningText to, string text, int bytes, DateTimeOffset at, TimeSpan now)
    {
        batcher.Add(to.Gathered, text, bytes, at, now);
        if (to.Part is { } part) output.PartText(part, to.Bytes, text);
        else output.Text(text);
        to.Bytes += bytes;
        told.TextCame(now);
        Accept(bytes);
    }

    private void Gather(StreamCommand startOrEnd, string? detail, TimeSpan now)
    {
        var bytes = PartLimits.BytesOf(detail);
        batcher.Add(startOrEnd, bytes, now);
        Accept(bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accept(long bytes)
    {
        accepted += bytes;
        unsavedTotal.Add(bytes);
    }

    /// <summary>A surrogate that is held back is gathered as what the text's end makes of it.</summary>
    private void Finish(RunningText text, DateTimeOffset at, TimeSpan now)
    {
        if (text.Normalizer.Finish() is { Length: > 0 } rest && accepted + 3 <= limits.MaxLength) Gather(text, rest, 3, at, now);
    }

    private bool HasRoomFor(string? detail) => accepted + PartLimits.BytesOf(detail) <= limits.MaxLength;
}
