namespace EventSourcedStreams.Domain;

/// <summary>A stream's end, as it was seen last, and the appends that build on it. One caller at a time.</summary>
internal sealed class StreamTail
{
    private readonly StreamLog log;
    private readonly Func<AppendId> nextAppendId;
    private readonly AppendPolicy policy;
    private readonly StreamTelemetry? telemetry;

    /// <param name="end">As just read; null: the stream is not there.</param>
    /// <param name="telemetry">Null: its appends are not told.</param>
    public StreamTail(
        StreamId stream,
        LastEvents? end,
        StreamLog log,
        Func<AppendId> nextAppendId,
        AppendPolicy policy = AppendPolicy.OneWriter,
        StreamTelemetry? telemetry = null)
    {
        (Stream, this.log, this.nextAppendId, this.policy, this.telemetry) = (stream, log, nextAppendId, policy, telemetry);
        (State, Head) = (end?.State ?? new StreamState.Missing(), end?.Last.Head ?? StreamHead.None);
    }

    public StreamId Stream { get; }

    public StreamState State { get; private set; }

    public StreamHead Head { get; private set; }

    /// <summary>The parts that are open, of a tail that has started the stream itself: what was open before a start it
    /// has cut off.</summary>
    public OpenParts Open { get; private set; } = OpenParts.None;

    /// <inheritdoc cref="AppendAsync(IReadOnlyList{Intent}, CancellationToken)"/>
    /// <param name="context">Of every event.</param>
    public Task<(Decision Decision, AppendOutcome? Outcome)> AppendAsync(
        IReadOnlyList<StreamCommand> commands, EventContext context, CancellationToken ct) =>
        AppendAsync([.. commands.Select(command => new Intent(command, context))], ct);

    /// <summary>
    /// Decides the commands one after another and appends what comes of them as one atomic batch; a refusal of any of
    /// them appends nothing. Where others were first, it builds on what its policy lets it build on, decided anew under
    /// a new append id. After an <see cref="AppendOutcome.Lost"/> state and head are those of the event that stopped
    /// it.
    /// </summary>
    /// <returns>The decision over all commands, and how its append ended; null: it asks for none.</returns>
    /// <exception cref="OperationCanceledException">The append may still be written; only the very same one finds
    /// out.</exception>
    public async Task<(Decision Decision, AppendOutcome? Outcome)> AppendAsync(IReadOnlyList<Intent> intents, CancellationToken ct)
    {
        while (true)
        {
            var (decision, contexts, next, open) = Decide(intents);
            if (decision is not Decision.Accepted({ Count: > 0 } events)) return (decision, null);
            switch (await MeasuredAppendAsync(new Append(nextAppendId(), Stream, Head, events, contexts), ct))
            {
                case AppendOutcome.Appended appended:
                    (State, Head, Open) = (next, appended.Head, open);
                    return (decision, appended);
                case AppendOutcome.Lost { Missed: { } missed } lost:
                    if (await CatchUpAsync(missed, ct) is not { } by) continue;
                    return (decision, lost with { By = by });
                case var outcome:
                    return (decision, outcome);
            }
        }
    }

    private async Task<AppendOutcome> MeasuredAppendAsync(Append append, CancellationToken ct)
    {
        using var told = telemetry?.Append(append);
        var outcome = await log.AppendAsync(append, ct);
        told?.Ended(outcome);
        return outcome;
    }

    private (Decision Decision, IReadOnlyList<EventContext> Contexts, StreamState Next, OpenParts Open) Decide(IReadOnlyList<Intent> intents)
    {
        var (events, contexts) = (new List<StreamEvent>(intents.Count), new List<EventContext>(intents.Count));
        var (next, open) = (State, Open);
        var epoch = State.CurrentEpoch;
        foreach (var (command, context) in intents)
        {
            var decision = StreamRules.Decide(command, next, open);
            if (decision is not Decision.Accepted(var accepted)) return (decision, contexts, State, Open);
            foreach (var @event in accepted)
            {
                next = StreamRules.Evolve(next, @event);
                open = open.After(@event);
                contexts.Add(command is StreamCommand.Cancel { ForDeletion: { } deletion } ? context with { CausationId = deletion } : context);
            }

            epoch = Math.Max(epoch, next.CurrentEpoch);                          // a deletion's state knows none
            events.AddRange(accepted);
        }

        return (new Decision.Accepted(events), Written(contexts, epoch), next, open);
    }

    /// <summary>Mostly one context for all.</summary>
    private static EventContext[] Written(List<EventContext> given, int epoch)
    {
        var written = new EventContext[given.Count];
        for (var i = 0; i < written.Length; i++)
        {
            written[i] = i > 0 && ReferenceEquals(given[i], given[i - 1])
                ? written[i - 1]
                : given[i] with { Epoch = epoch, Actor = TextCut.ToBytes(given[i].Actor, TextLimits.ActorBytes) };
        }

        return written;
    }

    /// <returns>The event that stops this writer; null: it stands behind all that it has missed, and goes on.</returns>
    private async Task<RecordedEvent?> CatchUpAsync(Missed missed, CancellationToken ct)
    {
        foreach (var recorded in missed.Beginning)
        {
            if (Apply(recorded)) return recorded;
        }

        if (Head.Revision >= missed.Last.Revision) return null;
        await foreach (var recorded in log.ReadAsync(Stream, Head.Revision, ReadFrom.Leader, ct))
        {
            if (Apply(recorded)) return recorded;
        }

        return null;
    }

    /// <returns>True: it stops this writer.</returns>
    private bool Apply(RecordedEvent recorded)
    {
        var stops = policy == AppendPolicy.OneWriter && recorded.Event is not StreamNote;
        // Another's stream now, whose parts are not known here.
        if (recorded.Event is not StreamNote) Open = OpenParts.None;
        (State, Head) = (stops ? StreamState.After(recorded) : StreamRules.Evolve(State, recorded.Event), recorded.Head);
        return stops;
    }
}

/// <summary>What is wanted of a stream, and in which context its events are written. The epoch follows from the
/// stream.</summary>
internal readonly record struct Intent(StreamCommand Command, EventContext Context);
