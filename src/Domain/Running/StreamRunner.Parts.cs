namespace EventSourcedStreams.Domain;

/// <summary>What the source says beside the text.</summary>
internal sealed partial class StreamRunner
{
    public IPartAppender StartPart(PartStart start)
    {
        start = Checked(start);
        RunningPart part;
        lock (gate) part = StartLocked(start);
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
            // The last place is for the part that says what is left out, until that is said.
            part = content.PartsLeft > (isPartLeftOut ? 0 : 1) ? StartLocked(start) : DroppedPart.Instance;
            if (part.Number == 0) isFirst = LeftOutLocked();
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
            content.Close(part);
            if (!limits.Parts) ShowsLifeLocked();
            else if (IsTakingLocked) EndPartLocked(part, end);
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
        var part = content.NewPart(this, start);
        if (!limits.Parts && part.Number == 1) onPartsDropped();
        if (!limits.Parts) ShowsLifeLocked();
        else if (IsTakingLocked) StartPartLocked(part, start);
        return part;
    }

    /// <returns>Whether it is the first that is left out: then it has been said in the stream, where there is
    /// room.</returns>
    private bool LeftOutLocked()
    {
        ShowsLifeLocked();
        if (!limits.Parts || isPartLeftOut || !IsTakingLocked) return false;
        isPartLeftOut = true;
        if (content.PartsLeft == 0) return true;
        var said = StartLocked(new PartStart(PartKinds.Error) { Detail = PartLimits.LeftOutDetail });
        if (IsTakingLocked) TakeLocked(said, PartLimits.LeftOutWords, null);
        content.Close(said);
        if (IsTakingLocked) EndPartLocked(said, new PartEnd());
        return true;
    }

    private void StartPartLocked(RunningPart part, PartStart start)
    {
        var now = Monotonic;
        activity.ShowsLife(now);
        var wasEmpty = content.IsEmpty;
        if (content.TryStart(part, start, activity.LastAt, now)) IsGatheredLocked(wasEmpty, now);
        else IsTooLongLocked();
    }

    private void EndPartLocked(RunningPart part, PartEnd end)
    {
        var now = Monotonic;
        activity.ShowsLife(now);
        var wasEmpty = content.IsEmpty;
        if (content.TryEnd(part, end, activity.LastAt, now)) IsGatheredLocked(wasEmpty, now);
        else IsTooLongLocked();
    }

    /// <summary>What a model thinks shows life, also where it is not kept.</summary>
    private void ShowsLifeLocked()
    {
        if (IsTakingLocked) activity.ShowsLife(Monotonic);
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
