using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;

namespace EventSourcedStreams.TestKit;

/// <summary>What a log asked its store to append.</summary>
internal sealed record AskedAppend(string Stream, ExpectedRevision Expected, IReadOnlyList<NewEvent> Events);

/// <summary>
/// A store whose appends to texts do what a test has written down, one step each, in order; afterwards each is stored.
/// Reads give what stands there. What nodes say to each other is no part of the script.
/// </summary>
/// <param name="scripted">The one stream that the script is for, instead of all texts.</param>
internal sealed class ScriptedEventStore(TimeProvider time, string? scripted = null)
    : DelegatingEventStore(new InMemoryEventStore(new InMemoryStore(time)))
{
    private readonly Lock gate = new();
    private readonly Queue<Func<AskedAppend, CancellationToken, Task<AppendOutcome>>> steps = [];
    private readonly List<AskedAppend> appends = [];
    private readonly List<ReadFrom> reads = [];

    /// <summary>Every append to a text that was asked for, in order, repeats too.</summary>
    public IReadOnlyList<AskedAppend> Appends
    {
        get { lock (gate) return [.. appends]; }
    }

    /// <summary>Every read of a text.</summary>
    public IReadOnlyList<ReadFrom> Reads
    {
        get { lock (gate) return [.. reads]; }
    }

    /// <summary>What each read of a text gives, or throws, instead of reading.</summary>
    public Func<StoreRead>? ReadsInstead { get; set; }

    public ScriptedEventStore Answers(AppendOutcome outcome) => Does((_, _) => Task.FromResult(outcome));

    public ScriptedEventStore Throws(Exception fault) => Does((_, _) => Task.FromException<AppendOutcome>(fault));

    /// <summary>The append is written, and the answer says something else.</summary>
    public ScriptedEventStore StoresAndAnswers(AppendOutcome outcome) => Does(async (append, ct) =>
    {
        await StoreAsync(append, ct);
        return outcome;
    });

    /// <summary>There is no answer until the caller gives up.</summary>
    public ScriptedEventStore AnswersNever() => Does(async (_, ct) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return new AppendOutcome.Unknown("never reached", null);
    });

    public ScriptedEventStore Does(Func<AskedAppend, CancellationToken, Task<AppendOutcome>> step)
    {
        lock (gate) steps.Enqueue(step);
        return this;
    }

    /// <summary>A text's events as they stand, each decoded.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> StoredAsync(StreamId stream)
    {
        var read = await Behind.ReadAsync(StreamPrefix.Default.Text(stream), 0, forward: true, int.MaxValue, ReadFrom.Leader, default);
        return read is StoreRead.Page page ? [.. page.Events.Select(e => StreamCodec.Decode(stream, e))] : [];
    }

    /// <summary>Puts another writer's event at a text's end, past the script.</summary>
    public async Task<RecordedEvent> PutAsync(StreamId stream, StreamEvent @event, int epoch = 1, AppendId? id = null)
    {
        var head = await StoredAsync(stream) is [.., var last] ? last.Head : StreamHead.None;
        var append = new Append(id ?? new AppendId(Guid.NewGuid()), stream, head, [@event], new EventContext(Scenario.Node, epoch, "other"));
        var asked = new AskedAppend(
            StreamPrefix.Default.Text(stream), ExpectedRevision.Exactly(head.Revision), StreamCodec.Encode(append).Events);
        if (await StoreAsync(asked, default) is not AppendOutcome.Appended) throw new InvalidOperationException("It was not put there.");
        return (await StoredAsync(stream))[^1];
    }

    public override Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        var append = new AskedAppend(stream, expected, events);
        if (!IsScripted(stream)) return StoreAsync(append, ct);
        Func<AskedAppend, CancellationToken, Task<AppendOutcome>>? step;
        lock (gate)
        {
            appends.Add(append);
            steps.TryDequeue(out step);
        }

        return step is null ? StoreAsync(append, ct) : step(append, ct);
    }

    public override Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        if (!IsScripted(stream)) return Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);
        lock (gate) reads.Add(leader);
        return ReadsInstead is { } instead ? Task.FromResult(instead()) : Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);
    }

    private bool IsScripted(string stream) => scripted is null ? StreamPrefix.Default.TryGetText(stream, out _) : stream == scripted;

    private Task<AppendOutcome> StoreAsync(AskedAppend append, CancellationToken ct) =>
        Behind.AppendAsync(append.Stream, append.Expected, append.Events, ct);
}
