using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>
/// One stream while this node drives it. Its source's text goes to the driver at once and is gathered for the log;
/// beside that one loop appends, one append in flight. Whatever ends it first, the last text and the ending go in one
/// atomic append.
/// </summary>
internal sealed partial class StreamRunner : IReplacingAppender, ILimitedAppender, IDisposable
{
    /// <summary>After so many appends a source that never waits by itself lets other work go before it: some hundred of
    /// such streams would hold all threads for as long as their texts last.</summary>
    private const int MaxBurst = 1024;

    /// <summary>The wall clock, which is for display, is read no more often: for hundreds of thousands of tokens a second
    /// that is dear.</summary>
    private static readonly TimeSpan WallTick = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly StreamTail tail;
    private readonly ClientQueue output;
    private readonly DrivingLimits limits;
    private readonly TimeProvider time;
    private readonly EventContext context;
    private readonly UnsavedBudget unsavedTotal;
    private readonly AppendPacer pacer;
    private readonly Action<StreamId, Exception> onFault;
    private readonly Action onPartsDropped;
    private readonly Action<string> onPartLeftOut;
    private readonly StreamLifeLimits life;
    private readonly DriveTelemetry told;
    private readonly CancellationTokenSource stopSource = new();
    private readonly ITimer due;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // All below under the gate.
    private readonly ContentBatcher batcher;
    private readonly RunningText body = new(null);
    private StreamCommand? ending;
    private TaskCompletionSource? room;
    private uint appends;
    private long accepted;
    private long? replaced;
    private long saved;
    private long savedBody;
    private bool claimed;
    private bool appending;
    private bool isWaking;
    private bool isTimed;
    private bool overtaken;
    private bool abandoned;
    private TimeSpan appendingFor;
    private TimeSpan activeAt;
    private TimeSpan readAgainAt = TimeSpan.MinValue;
    private TimeSpan claimedAt;
    private DateTimeOffset lastActivityAt;

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
        (this.tail, this.life, this.output, this.limits, this.told, this.onPartsDropped) = (tail, life, output, limits, told, onPartsDropped);
        (this.time, this.context, this.unsavedTotal, this.pacer, this.onFault) = (time, context, unsavedTotal, pacer, onFault);
        this.onPartLeftOut = onPartLeftOut;
        batcher = new ContentBatcher(limits.Batch);
        lastActivityAt = time.GetUtcNow();
        due = time.CreateTimer(_ => WakeIfDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public StreamId Id => tail.Stream;

    /// <summary>Which driver of the stream it is; also while its claim is under way.</summary>
    public int Epoch => Math.Max(tail.State.CurrentEpoch, 1);

    /// <summary>Fires when the source is to stop.</summary>
    public CancellationToken SourceStopped => stopSource.Token;

    private TimeSpan Monotonic => time.GetElapsedTime(0);

    private long Unsaved => accepted - saved;

    private bool IsOvertaken
    {
        get { lock (gate) return overtaken; }
    }

    public Task AppendAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Append(body, text, text, null);
    }

    public Task AppendAsync(ReadOnlySpan<char> text) => Append(body, null, text, null);

    public Task AppendAsync(ReadOnlySpan<char> text, int replaced) => Append(body, null, text, replaced);

    public void KeepAlive()
    {
        lock (gate)
        {
            if (ending is null) IsActiveLocked(Monotonic);
        }
    }

    /// <summary>Ends the stream after the text that has come so far. The first ending stands; false: there was
    /// one.</summary>
    public bool End(StreamCommand command)
    {
        lock (gate)
        {
            if (ending is not null || abandoned) return false;
            EndLocked(command);
        }

        output.Deliver();
        return true;
    }

    /// <summary>Another writer has ended the stream: text that is not durable yet is lost to it.</summary>
    public void OvertakenBy(RecordedEvent last)
    {
        lock (gate)
        {
            if (overtaken) return;
            overtaken = true;
            ending ??= new Fail("overtaken", "Another writer ended the stream.") { At = time.GetUtcNow() };
            ReleaseSourceLocked();
            StopSource();
        }

        Wake();
        output.End(DriverEnd.Of(last.Event, last.Revision)
            ?? new DriverEnd(null, null, savedBody, new StreamFailure("overtaken", "Another writer has taken the stream over.")));
    }

    /// <summary>Counts time that really passed for this process: idle time, and time in which the log did not
    /// answer.</summary>
    public void Count(TimeSpan passed)
    {
        StreamCommand? over = null;
        var outage = false;
        lock (gate)
        {
            var before = appendingFor;
            if (appending) appendingFor += passed;
            outage = before <= limits.OutageLimit && appendingFor > limits.OutageLimit;

            // A source that is paused is not read, so its silence says nothing.
            // Of this interval only what came after the last text was silence.
            if (claimed && ending is null)
            {
                var now = Monotonic;
                over = life.Count(
                    Shorter(now - claimedAt, passed), room is null ? Shorter(now - activeAt, passed) : null,
                    lastActivityAt, context.Actor, time.GetUtcNow());
            }
        }

        if (outage) LogIsAway();
        else if (over is not null) End(over);
    }

    /// <summary>
    /// Claims the stream. A claim that turns out to have won only after the outage limit has its ending already: the
    /// source never runs.
    /// </summary>
    public async Task<AppendOutcome?> ClaimAsync(Start start, CancellationToken lifetime)
    {
        lock (gate) appending = true;
        var (_, outcome) = await tail.AppendAsync([start], context, lifetime);
        lock (gate)
        {
            appending = false;
            appendingFor = TimeSpan.Zero;
            life.Begin();
            activeAt = claimedAt = Monotonic;
            claimed = outcome is AppendOutcome.Appended;
        }

        return outcome;
    }

    /// <summary>Whether an ending has been asked for.</summary>
    public bool IsEnding
    {
        get { lock (gate) return ending is not null || abandoned; }
    }

    /// <summary>Appends until the ending is durable, or another writer's is.</summary>
    /// <param name="lifetime">The process gives up: what is not durable then is lost.</param>
    public async Task PersistAsync(CancellationToken lifetime)
    {
        while (true)
        {
            if (IsOvertaken)
            {
                Abandon();
                return;
            }

            if (Next() is not { } work)
            {
                await wake.Reader.ReadAsync(lifetime);
                continue;
            }

            switch (await AppendAsync(work, lifetime))
            {
                case (Decision.Accepted(var events), AppendOutcome.Appended(var last, _)):
                    Saved(work, events, Revision.From(last));
                    if (work.IsLast) return;
                    continue;
                case (_, AppendOutcome.Lost { By: { } by }):
                    OvertakenBy(by);
                    continue;
                case (_, AppendOutcome.Deleted):
                    Abandon();
                    output.End(new DriverEnd(StreamStatus.Deleted, null, savedBody, null));
                    StopSource();
                    return;
                case var other:
                    throw new System.Diagnostics.UnreachableException($"{other} for a stream that this node drives.");
            }
        }
    }

    /// <summary>What gathered text counts as unsaved is let go: it will not be saved, and nothing more is
    /// taken.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            unsavedTotal.Remove(Unsaved);
            saved = accepted;
            appending = false;
            abandoned = true;
            ReleaseSourceLocked();
        }
    }

    /// <summary>Its ending could not be settled: the driver is told so.</summary>
    public void GiveUp(Exception why)
    {
        Abandon();
        output.End(new DriverEnd(null, null, savedBody, why is LogDamagedException { ForeignType: not null } foreign
            ? new StreamFailure(StreamFailure.ForeignEvent, $"Nothing more is saved: {foreign.Message}")
            : new StreamFailure("unknown", "The stream's ending is not known here; ask for its status.")));
    }

    /// <summary>The loop looks for what is due.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    public void Dispose()
    {
        due.Dispose();
        stopSource.Dispose();
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
                if (!limits.Parts) return DroppedLocked();
            }

            if (ending is not null || abandoned) return Task.CompletedTask;
            TakeLocked(to, whole is null ? to.Normalizer.Next(text) : to.Normalizer.Next(whole), replacedInText);
            paused = RoomLocked();
        }

        output.Deliver();
        return paused;
    }

    /// <returns>Completes when not too much is unsaved.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Task RoomLocked()
    {
        if (ending is not null) return Task.CompletedTask;
        if (Unsaved < limits.UnsavedLimit && (Unsaved == 0 || !unsavedTotal.IsFull)) return ++appends % MaxBurst == 0 ? YieldAsync() : Task.CompletedTask;
        room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return room.Task;
    }

    private static async Task YieldAsync() => await Task.Yield();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void IsActiveLocked(TimeSpan now)
    {
        activeAt = now;
        life.ShowsLife();
        if (now < readAgainAt) return;
        readAgainAt = now + WallTick;
        lastActivityAt = time.GetUtcNow();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeLocked(RunningText to, string text, int? replacedInText)
    {
        if (replacedInText is { } count) replaced = (replaced ?? 0) + count;
        if (text.Length == 0) return;
        var now = Monotonic;
        IsActiveLocked(now);
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (accepted + bytes <= limits.MaxLength)
        {
            GatherLocked(to, text, bytes, now);
            return;
        }

        var fits = text[..TextCut.Chars(text, (int)(limits.MaxLength - accepted), int.MaxValue)];
        if (fits.Length > 0) GatherLocked(to, fits, Encoding.UTF8.GetByteCount(fits), now);
        if (replacedInText is > 0) replaced -= replacedInText - Math.Min(replacedInText.Value, fits.Count(c => c == '\uFFFD'));
        IsTooLongLocked();
    }

    private void IsTooLongLocked() =>
        EndLocked(new Fail("too-long", $"The text is longer than {limits.MaxLength} bytes, the most one stream holds; what fits is kept.")
        {
            At = time.GetUtcNow(),
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherLocked(RunningText to, string text, int bytes, TimeSpan now)
    {
        var wasEmpty = batcher.IsEmpty;
        batcher.Add(to.Gathered, text, bytes, lastActivityAt, now);
        if (to.Part is { } part) output.PartText(part, to.Bytes, text);
        else output.Text(text);
        to.Bytes += bytes;
        told.TextCame(now);
        IsGatheredLocked(bytes, wasEmpty, now);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void IsGatheredLocked(long bytes, bool wasEmpty, TimeSpan now)
    {
        accepted += bytes;
        unsavedTotal.Add(bytes);
        if (appending) return;                                                   // the loop looks again when its append is done
        if (batcher.DueIn(now) is { Ticks: <= 0 }) WakeSoonLocked();
        else if (wasEmpty) TimeLocked(limits.Batch.FlushInterval);
    }

    /// <summary>A timer that is set already fires before this is due: it is set for the rest then, rather than anew for
    /// each batch on the thread that brought the text.</summary>
    private void TimeLocked(TimeSpan left)
    {
        if (isTimed) return;
        isTimed = true;
        due.Change(AtLeastOneMillisecond(left), Timeout.InfiniteTimeSpan);
    }

    private void WakeIfDue()
    {
        lock (gate)
        {
            isTimed = false;
            if (appending || batcher.DueIn(Monotonic) is not { } left) return;
            if (left > TimeSpan.Zero)
            {
                TimeLocked(left);
                return;
            }
        }

        Wake();
    }

    private void WakeSoonLocked()
    {
        if (isWaking) return;
        isWaking = true;
        pacer.WakeSoon(this);
    }

    private void EndLocked(StreamCommand command)
    {
        FinishLocked(body);
        foreach (var part in open) FinishLocked(part);
        ending = command;
        StopSource();                                                            // before the ending can be seen anywhere
        ReleaseSourceLocked();
        Wake();
    }

    /// <summary>A surrogate that is held back is gathered as what the text's end makes of it.</summary>
    private void FinishLocked(RunningText text)
    {
        if (text.Normalizer.Finish() is { Length: > 0 } rest && accepted + 3 <= limits.MaxLength) GatherLocked(text, rest, 3, Monotonic);
    }

    /// <summary>A source that waits for room goes on: there is room, or it has a stop to notice.</summary>
    private void ReleaseSourceLocked()
    {
        room?.TrySetResult();
        room = null;
    }

    private Work? Next()
    {
        lock (gate)
        {
            isWaking = false;
            var dueIn = batcher.DueIn(Monotonic);
            if (ending is null && dueIn is not { Ticks: <= 0 })
            {
                if (dueIn is { } wait) TimeLocked(wait);
                return null;
            }

            var now = time.GetUtcNow();
            var batch = batcher.Take(now);
            var last = ending is not null && batcher.IsEmpty ? ending with { At = now, Replaced = replaced } : null;
            appending = true;
            appendingFor = TimeSpan.Zero;
            return new Work(last is null ? batch.Commands : [.. batch.Commands, last], batch.BodyBytes, batch.Bytes, last is not null);
        }
    }

    private void Saved(Work work, IReadOnlyList<StreamEvent> events, Revision revision)
    {
        lock (gate)
        {
            appending = false;
            saved += work.Bytes;
            savedBody += work.BodyBytes;
            unsavedTotal.Remove(work.Bytes);
            if (Unsaved < limits.UnsavedLimit) ReleaseSourceLocked();
        }

        output.Saved(revision, savedBody, tail.Open);
        told.Saved(work.Bytes);
        if (events[^1] is StreamEvent.Ending ended) told.Ended(ended);
        if (DriverEnd.Of(events[^1], revision) is { } end) output.End(end);
    }

    /// <summary>The outage limit has passed with an append open: the source stops, and the driver is told that the log
    /// will know.</summary>
    private void LogIsAway()
    {
        var failure = new StreamFailure("log-unavailable", "The event log did not answer in time; ask for the stream's status later.");
        End(new Fail(failure.Code, failure.Message) { At = time.GetUtcNow() });
        output.End(new DriverEnd(null, null, savedBody, failure));
    }

    /// <summary>The source's token has fired when this returns. What hangs on it runs on another thread: it may take as
    /// long as it likes.</summary>
    public void StopSource()
    {
        try
        {
            _ = ToldAsync(stopSource.CancelAsync());
        }
        catch (ObjectDisposedException)
        {
            // The stream ended in the same moment, and its source with it.
        }
    }

    private async Task ToldAsync(Task stopped)
    {
        try
        {
            await stopped;
        }
        catch (AggregateException e)
        {
            onFault(Id, e);                                                      // what the source itself hung on its token
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan AtLeastOneMillisecond(TimeSpan span) =>
        span < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : span;

    private sealed record Work(IReadOnlyList<StreamCommand> Commands, long BodyBytes, long Bytes, bool IsLast);
}
