using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>
/// One stream while this node drives it. Its source's text goes to the driver at once and is gathered for the log;
/// beside that one loop appends, one append in flight. Whatever ends it first, the last text and the ending go in one
/// atomic append. This file takes what the source says; beside it stand the parts, the loop, and the endings.
/// </summary>
internal sealed partial class StreamRunner : IReplacingAppender, ILimitedAppender, IDisposable
{
    private readonly Lock gate = new();
    private readonly StreamTail tail;
    private readonly ClientQueue output;
    private readonly DrivingLimits limits;
    private readonly TimeProvider time;
    private readonly EventContext context;
    private readonly DriveTelemetry told;
    private readonly Action onPartsDropped;
    private readonly Action<string> onPartLeftOut;
    private readonly Action<StreamId, Exception> onFault;
    private readonly SourceStop stop;
    private readonly AppendWake wake;

    // All below under the gate.
    private readonly RunningContent content;
    private readonly SourceActivity activity;
    private readonly SourcePause pause = new();
    private StreamCommand? ending;
    private bool claimed;
    private bool appending;
    private bool overtaken;
    private bool abandoned;
    private bool isPartLeftOut;
    private TimeSpan appendingFor;

    public StreamRunner(
        StreamTail tail,
        StreamLifeLimits life,
        ClientQueue output,
        DrivingLimits limits,
        TimeProvider time,
        EventContext context,
        UnsavedBudget unsavedTotal,
        AppendPacer pacer,
        DriveTelemetry told,
        Action<StreamId, Exception> onFault,
        Action onPartsDropped,
        Action<string> onPartLeftOut)
    {
        (this.tail, this.output, this.limits, this.time, this.context) = (tail, output, limits, time, context);
        (this.told, this.onPartsDropped, this.onPartLeftOut, this.onFault) = (told, onPartsDropped, onPartLeftOut, onFault);
        content = new RunningContent(limits, output, unsavedTotal, told);
        activity = new SourceActivity(life, time);
        stop = new SourceStop(tail.Stream, onFault);
        wake = new AppendWake(time, pacer, WakeIfDue);
    }

    public StreamId Id => tail.Stream;

    /// <summary>Which driver of the stream it is; also while its claim is under way.</summary>
    public int Epoch => Math.Max(tail.State.CurrentEpoch, 1);

    private TimeSpan Monotonic => time.GetElapsedTime(0);

    /// <summary>What the source says is taken; else it is dropped.</summary>
    private bool IsTakingLocked => ending is null && !abandoned;

    public Task AppendAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Append(content.Body, text, text, null);
    }

    public Task AppendAsync(ReadOnlySpan<char> text) => Append(content.Body, null, text, null);

    public Task AppendAsync(ReadOnlySpan<char> text, int replaced) => Append(content.Body, null, text, replaced);

    public void KeepAlive()
    {
        lock (gate)
        {
            if (ending is null) activity.ShowsLife(Monotonic);
        }
    }

    public void Dispose()
    {
        wake.Dispose();
        stop.Dispose();
    }

    /// <param name="whole">The same as a string, where there is one: text without surrogates is then not
    /// copied.</param>
    /// <remarks>What is done once a token is compiled as well as it can be at its first call. Else it would be done
    /// hundreds of thousands of times by code that is compiled in haste: the better code comes only once nothing new
    /// is called for a while.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Task Append(RunningText to, string? whole, ReadOnlySpan<char> text, int? replacedInText)
    {
        Task paused;
        lock (gate)
        {
            if (to.Part is not null)
            {
                to.CheckTakesText();
                if (!limits.Parts)
                {
                    ShowsLifeLocked();
                    return pause.None();
                }
            }

            if (!IsTakingLocked) return pause.None();                            // it may not look at its token
            TakeLocked(to, whole is null ? to.Normalizer.Next(text) : to.Normalizer.Next(whole), replacedInText);
            paused = RoomLocked();
        }

        output.Deliver();
        return paused;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeLocked(RunningText to, string text, int? replacedInText)
    {
        if (replacedInText is { } count) content.CountReplaced(count);
        if (text.Length == 0) return;
        var now = Monotonic;
        activity.ShowsLife(now);
        var wasEmpty = content.IsEmpty;
        if (content.TryAdd(to, text, replacedInText, activity.LastAt, now)) IsGatheredLocked(wasEmpty, now);
        else IsTooLongLocked();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void IsGatheredLocked(bool wasEmpty, TimeSpan now)
    {
        if (appending) return; // the loop looks again when its append is done
        if (content.DueIn(now) is { Ticks: <= 0 }) wake.Soon();
        else if (wasEmpty) wake.In(limits.Batch.FlushInterval);
    }

    /// <returns>Completes when not too much is unsaved.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Task RoomLocked() =>
        ending is not null || content.HasRoom ? pause.None() : pause.Begin();
}
