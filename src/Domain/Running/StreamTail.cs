namespace EventSourcedStreams.Domain;

/// <summary>A stream's end, as somebody has seen it last, and the appends that build on it. One caller at a time.</summary>
public sealed class StreamTail
{
    private readonly AppendSettler settler;
    private readonly Func<AppendId> nextAppendId;

    public StreamTail(StreamId stream, RecordedEvent? last, AppendSettler settler, Func<AppendId> nextAppendId)
    {
        (Stream, this.settler, this.nextAppendId) = (stream, settler, nextAppendId);
        (State, Head) = (StreamState.After(last), last?.Head ?? StreamHead.None);
    }

    public StreamId Stream { get; }

    public StreamState State { get; private set; }

    public StreamHead Head { get; private set; }

    /// <summary>
    /// Decides the commands one after another and appends what comes of them as one atomic batch. A refusal of any of them appends
    /// nothing. After an <see cref="TailResult.Overtaken"/> state and head are those of the event that was found there.
    /// </summary>
    /// <exception cref="OperationCanceledException">The append may still be written; only the very same one finds out.</exception>
    public async Task<TailResult> AppendAsync(IReadOnlyList<StreamCommand> commands, EventContext context, CancellationToken ct)
    {
        var (events, next, epoch) = (new List<StreamEvent>(commands.Count), State, State.CurrentEpoch);
        foreach (var command in commands)
        {
            switch (StreamRules.Decide(command, next))
            {
                case Decision.Rejected(var why):
                    return new TailResult.Refused(why);
                case Decision.Accepted(var accepted):
                    foreach (var @event in accepted) next = StreamRules.Evolve(next, @event);
                    epoch = Math.Max(epoch, next.CurrentEpoch);                  // a deletion's state knows none
                    events.AddRange(accepted);
                    break;
            }
        }

        if (events.Count == 0) return new TailResult.Nothing();
        var written = context with { Epoch = epoch, Actor = TextCut.ToBytes(context.Actor, TextLimits.ActorBytes) };
        var append = new Append(nextAppendId(), Stream, Head, events, written);
        switch (await settler.SettleAsync(append, ct))
        {
            case Settled.Appended(var head):
                (State, Head) = (next, head);
                return new TailResult.Appended(head.Revision, events);
            case Settled.Overtaken(var by):
                (State, Head) = (StreamState.After(by), by.Head);
                return new TailResult.Overtaken(by);
            default:
                return new TailResult.Gone();
        }
    }
}

public abstract record TailResult
{
    private TailResult() { }

    /// <param name="Revision">Of the last of the events.</param>
    public sealed record Appended(Revision Revision, IReadOnlyList<StreamEvent> Events) : TailResult;

    /// <summary>It is so already.</summary>
    public sealed record Nothing : TailResult;

    public sealed record Refused(Rejection Why) : TailResult;

    /// <summary>Another writer was first.</summary>
    public sealed record Overtaken(RecordedEvent By) : TailResult;

    /// <summary>The stream has a tombstone.</summary>
    public sealed record Gone : TailResult;
}
