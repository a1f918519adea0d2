using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>What ends the stream: its source, a request, its limits, another writer, a log that does not
/// answer.</summary>
internal sealed partial class StreamRunner
{
    /// <summary>Fires when the source is to stop.</summary>
    public CancellationToken SourceStopped => stop.Token;

    /// <summary>Whether an ending has been asked for.</summary>
    public bool IsEnding
    {
        get { lock (gate) return !IsTakingLocked; }
    }

    /// <summary>Ends the stream after the text that has come so far. The first ending stands; false: there was
    /// one.</summary>
    public bool End(StreamCommand command)
    {
        lock (gate)
        {
            if (!IsTakingLocked) return false;
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
            pause.End();
            stop.Fire();
        }

        wake.Now();
        output.End(DriverEnd.Of(last.Event, last.Revision)
            ?? new DriverEnd(null, null, content.SavedBody, new StreamFailure("overtaken", "Another writer has taken the stream over.")));
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
            if (claimed && ending is null) over = activity.Count(passed, pause.IsOn, context.Actor);
        }

        if (outage) LogIsAway();
        else if (over is not null) End(over);
    }

    /// <summary>The source is to stop, whatever the stream's ending is.</summary>
    public void StopSource() => stop.Fire();

    /// <summary>The outage limit has passed with an append open: the source stops, and the driver is told that the log
    /// will know.</summary>
    private void LogIsAway()
    {
        var failure = new StreamFailure("log-unavailable", "The event log did not answer in time; ask for the stream's status later.");
        End(new Fail(failure.Code, failure.Message) { At = time.GetUtcNow() });
        output.End(new DriverEnd(null, null, content.SavedBody, failure));
    }

    private void IsTooLongLocked() =>
        EndLocked(new Fail("too-long", $"The text is longer than {limits.MaxLength} bytes, the most one stream holds; what fits is kept.")
        {
            At = time.GetUtcNow(),
        });

    private void EndLocked(StreamCommand command)
    {
        content.Finish(activity.LastAt, Monotonic);
        ending = command;
        stop.Fire(); // before the ending can be seen anywhere
        pause.End();
        wake.Now();
    }
}
