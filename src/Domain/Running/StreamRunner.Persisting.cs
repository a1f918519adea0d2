using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>The claim, and the loop that appends what the source has said.</summary>
internal sealed partial class StreamRunner
{
    private bool IsOvertaken
    {
        get { lock (gate) return overtaken; }
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
            activity.Begin();
            claimed = outcome is AppendOutcome.Appended;
        }

        return outcome;
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
                await wake.WaitAsync(lifetime);
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
                    output.End(new DriverEnd(StreamStatus.Deleted, null, content.SavedBody, null));
                    stop.Fire();
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
            content.LetGo();
            appending = false;
            abandoned = true;
            pause.End();
        }
    }

    /// <summary>Its ending could not be settled: the driver is told so.</summary>
    public void GiveUp(Exception why)
    {
        Abandon();
        output.End(new DriverEnd(null, null, content.SavedBody, why is LogDamagedException { ForeignType: not null } foreign
            ? new StreamFailure(StreamFailure.ForeignEvent, $"Nothing more is saved: {foreign.Message}")
            : new StreamFailure("unknown", "The stream's ending is not known here; ask for its status.")));
    }

    /// <summary>An ending that has no stored form gives way to one that says so: neither the text before it nor the end
    /// is lost over it.</summary>
    private async Task<(Decision Decision, AppendOutcome? Outcome)> AppendAsync(Work work, CancellationToken lifetime)
    {
        try
        {
            return await tail.AppendAsync(work.Commands, context, lifetime);
        }
        catch (UnstorableException e) when (work.IsLast)
        {
            onFault(Id, e);
            return await tail.AppendAsync([.. work.Commands.SkipLast(1), Instead(work.Commands[^1], e)], context, lifetime);
        }
    }

    private static Fail Instead(StreamCommand ending, UnstorableException why) => new(
        StreamFailure.UnstorableEnd,
        $"The end that the stream was given cannot be stored ({(why.InnerException ?? why).GetType().Name}); the text is whole. The server's log says more.")
    {
        At = ending.At,
        Replaced = ending.Replaced,
    };

    private void WakeIfDue()
    {
        lock (gate)
        {
            wake.IsTimedOut();
            if (appending || content.DueIn(Monotonic) is not { } left) return;
            if (left > TimeSpan.Zero)
            {
                wake.In(left);
                return;
            }
        }

        wake.Now();
    }

    private Work? Next()
    {
        lock (gate)
        {
            wake.IsAwake();
            var dueIn = content.DueIn(Monotonic);
            if (ending is null && dueIn is not { Ticks: <= 0 })
            {
                if (dueIn is { } wait) wake.In(wait);
                return null;
            }

            var now = time.GetUtcNow();
            var batch = content.Take(now);
            var last = ending is not null && content.IsEmpty ? ending with { At = now, Replaced = content.Replaced } : null;
            appending = true;
            appendingFor = TimeSpan.Zero;
            return new Work(last is null ? batch.Commands : [.. batch.Commands, last], batch, last is not null);
        }
    }

    private void Saved(Work work, IReadOnlyList<StreamEvent> events, Revision revision)
    {
        lock (gate)
        {
            appending = false;
            content.Saved(work.Batch);
            if (content.HasRoom) pause.End();
        }

        output.Saved(revision, content.SavedBody, tail.Open);
        told.Saved(work.Batch.Bytes);
        if (events[^1] is StreamEvent.Ending ended) told.Ended(ended);
        if (DriverEnd.Of(events[^1], revision) is { } end) output.End(end);
    }

    private sealed record Work(IReadOnlyList<StreamCommand> Commands, Batch Batch, bool IsLast);
}
