namespace EventSourcedStreams.Domain;

/// <summary>A stream's end, as it was seen last, and the appends that build on it. One caller at a time.</summary>
public sealed class StreamTail
{
    private readonly StreamLog log;
    private readonly Func<AppendId> nextAppendId;

    public StreamTail(StreamId stream, RecordedEvent? last, StreamLog log, Func<AppendId> nextAppendId)
    {
        (Stream, this.log, this.nextAppendId) = (stream, log, nextAppendId);
        (State, Head) = (StreamState.After(last), last?.Head ?? StreamHead.None);
    }

    public StreamId Stream { get; }

    public StreamState State { get; private set; }

    public StreamHead Head { get; private set; }

    /// <summary>
    /// Decides the commands one after another and appends what comes of them as one atomic batch. A refusal of any of them appends
    /// nothing. After an <see cref="AppendOutcome.Lost"/> state and head are those of the event that was found there.
    /// </summary>
    /// <returns>The decision over all commands, and how its append ended; null: it asks for none.</returns>
    /// <exception cref="OperationCanceledException">The append may still be written; only the very same one finds out.</exception>
    public async Task<(Decision Decision, AppendOutcome? Outcome)> AppendAsync(
        IReadOnlyList<StreamCommand> commands, EventContext context, CancellationToken ct)
    {
        var (events, next, epoch) = (new List<StreamEvent>(commands.Count), State, State.CurrentEpoch);
        foreach (var command in commands)
        {
            var decision = StreamRules.Decide(command, next);
            if (decision is not Decision.Accepted(var accepted)) return (decision, null);
            foreach (var @event in accepted) next = StreamRules.Evolve(next, @event);
            epoch = Math.Max(epoch, next.CurrentEpoch);                          // a deletion's state knows none
            events.AddRange(accepted);
        }

        var decided = new Decision.Accepted(events);
        if (events.Count == 0) return (decided, null);
        var written = context with { Epoch = epoch, Actor = TextCut.ToBytes(context.Actor, TextLimits.ActorBytes) };
        var outcome = await log.AppendAsync(new Append(nextAppendId(), Stream, Head, events, written), ct);
        if (outcome is AppendOutcome.Appended appended) (State, Head) = (next, appended.Head);
        else if (outcome is AppendOutcome.Lost { Missed.First: var by }) (State, Head) = (StreamState.After(by), by.Head);
        return (decided, outcome);
    }
}
