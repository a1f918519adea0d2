using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>What the source says beside the text.</summary>
internal sealed partial class StreamRunner
{
    // Under the gate.
    private readonly List<RunningPart> open = [];
    private int parts;
    private bool isPartLeftOut;

    public IPartAppender StartPart(PartStart start)
    {
        start = Checked(start);
        RunningPart part;
        lock (gate)
        {
            if (parts >= PartLimits.Parts) throw new InvalidOperationException($"A stream has at most {PartLimits.Parts} parts.");
            if (open.Count >= PartLimits.OpenParts)
                throw new InvalidOperationException($"{PartLimits.OpenParts} parts are open, the most at one time: end one first.");
            part = StartLocked(start);
        }

        output.Deliver();
        return part;
    }

    public IPartAppender StartOrLeaveOut(PartStart start)
    {
        start = Checked(start);
        var isFirst = false;
        IPartAppender part;
        lock (gate)
        {
            // The last place is for the part that says what is left out.
            var hasRoom = parts < PartLimits.Parts - 1 && open.Count < PartLimits.OpenParts - 1;
            part = hasRoom ? StartLocked(start) : DroppedPart.Instance;
            if (!hasRoom) isFirst = LeftOutLocked();
        }

        if (isFirst) onPartLeftOut(start.Kind);
        output.Deliver();
        return part;
    }

    internal ValueTask AppendAsync(RunningPart part, string? whole, ReadOnlySpan<char> text)
    {
        var taken = Append(part, whole, text, null);
        return taken.IsCompletedSuccessfully ? default : new ValueTask(taken);
    }

    internal ValueTask EndAsync(RunningPart part, PartEnd end)
    {
        if (PartLimits.DetailFault(end.Detail) is { } fault) throw new ArgumentException(fault, nameof(end));
        end = Clean(end);
        Task paused;
        lock (gate)
        {
            if (part.HasEnded) throw new InvalidOperationException($"Part {part.Number} has ended already.");
            part.HasEnded = true;
            open.Remove(part);
            if (!limits.Parts) _ = DroppedLocked();
            else if (ending is null && !abandoned) EndPartLocked(part, end);
            paused = RoomLocked();
        }

        output.Deliver();
        return paused.IsCompletedSuccessfully ? default : new ValueTask(paused);
    }

    private static PartStart Checked(PartStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return PartLimits.Fault(start, PartLimits.Parts) is { } fault ? throw new ArgumentException(fault, nameof(start)) : Clean(start);
    }

    private RunningPart StartLocked(PartStart start)
    {
        if (PartLimits.OfFault(start, parts) is { } unknown) throw new ArgumentException(unknown, nameof(start));
        var part = new RunningPart(this, ++parts, start.Kind);
        open.Add(part);
        if (!limits.Parts && parts == 1) onPartsDropped();
        if (!limits.Parts) _ = DroppedLocked();
        else if (ending is null && !abandoned) StartPartLocked(part, start);
        return part;
    }

    /// <returns>Whether it is the first, so that it was said in the stream, where there is room.</returns>
    private bool LeftOutLocked()
    {
        _ = DroppedLocked();
        if (!limits.Parts || isPartLeftOut || ending is not null || abandoned) return false;
        isPartLeftOut = true;
        if (parts >= PartLimits.Parts || open.Count >= PartLimits.OpenParts) return true;
        var said = StartLocked(new PartStart(PartKinds.Error) { Detail = PartLimits.LeftOutDetail });
        if (ending is null) TakeLocked(said, PartLimits.LeftOutWords, null);
        if (ending is null) EndPartLocked(said, new PartEnd());
        said.HasEnded = true;
        open.Remove(said);
        return true;
    }

    private void StartPartLocked(RunningPart part, PartStart start)
    {
        var now = Monotonic;
        IsActiveLocked(now);
        if (!HasRoomLocked(start.Detail)) return;
        output.PartStarted(part.Number, start, body.Bytes);
        GatherLocked(new StartPart(start, lastActivityAt) { At = lastActivityAt }, start.Detail, now);
    }

    private void EndPartLocked(RunningPart part, PartEnd end)
    {
        var now = Monotonic;
        IsActiveLocked(now);
        FinishLocked(part);
        if (!HasRoomLocked(end.Detail)) return;                                  // without what it says of itself it has not ended: it is cut off
        output.PartEnded(part.Number, part.Bytes, end);
        GatherLocked(new EndPart(part.Number, end, lastActivityAt) { At = lastActivityAt }, end.Detail, now);
    }

    private void GatherLocked(StreamCommand startOrEnd, string? detail, TimeSpan now)
    {
        var (bytes, wasEmpty) = (PartLimits.BytesOf(detail), batcher.IsEmpty);
        batcher.Add(startOrEnd, bytes, now);
        IsGatheredLocked(bytes, wasEmpty, now);
    }

    /// <returns>False: the stream has ended over it.</returns>
    private bool HasRoomLocked(string? detail)
    {
        if (accepted + PartLimits.BytesOf(detail) <= limits.MaxLength) return true;
        IsTooLongLocked();
        return false;
    }

    /// <summary>What a model thinks shows life, also where it is not kept.</summary>
    private Task DroppedLocked()
    {
        if (ending is null && !abandoned) IsActiveLocked(Monotonic);
        return Task.CompletedTask;
    }

    /// <summary>As it will be read from the log: half of a surrogate pair is no text, and an error has its
    /// limit.</summary>
    private static PartStart Clean(PartStart start) => start with
    {
        Name = Clean(start.Name),
        CallId = Clean(start.CallId),
        MediaType = Clean(start.MediaType),
        Detail = Clean(start.Detail),
    };

    private static PartEnd Clean(PartEnd end) =>
        end with { Detail = Clean(end.Detail), Error = TextCut.ToBytes(Clean(end.Error), PartLimits.ErrorBytes) };

    private static string? Clean(string? text)
    {
        if (text is null) return null;
        var normalizer = new SurrogateNormalizer();
        return normalizer.Next(text) + normalizer.Finish();
    }
}
