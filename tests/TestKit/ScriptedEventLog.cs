using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>
/// A log whose appends do what a test has written down, one step each, in order; afterwards each is stored. Reads give what stands there.
/// </summary>
public sealed class ScriptedEventLog : IEventLog
{
    private readonly Lock gate = new();
    private readonly Queue<Func<Append, CancellationToken, Task<AppendResult>>> steps = [];
    private readonly List<Append> appends = [];
    private readonly List<RecordedEvent> stored = [];
    private readonly List<ReadFrom> reads = [];

    public string LogId => "scripted";

    /// <summary>Every append that was asked for, in order, repeats too.</summary>
    public IReadOnlyList<Append> Appends
    {
        get { lock (gate) return [.. appends]; }
    }

    public IReadOnlyList<RecordedEvent> Stored
    {
        get { lock (gate) return [.. stored]; }
    }

    public IReadOnlyList<ReadFrom> Reads
    {
        get { lock (gate) return [.. reads]; }
    }

    /// <summary>What each read throws instead of reading.</summary>
    public Exception? ReadFault { get; set; }

    public ScriptedEventLog Answers(AppendResult result) => Does((_, _) => Task.FromResult(result));

    public ScriptedEventLog Throws(Exception fault) => Does((_, _) => Task.FromException<AppendResult>(fault));

    /// <summary>The append is written, and the answer says something else.</summary>
    public ScriptedEventLog StoresAndAnswers(AppendResult result) => Does((append, _) =>
    {
        Store(append);
        return Task.FromResult(result);
    });

    /// <summary>There is no answer until the caller gives up.</summary>
    public ScriptedEventLog AnswersNever() => Does(async (_, ct) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return new AppendResult.Unknown("never reached");
    });

    public ScriptedEventLog Does(Func<Append, CancellationToken, Task<AppendResult>> step)
    {
        lock (gate) steps.Enqueue(step);
        return this;
    }

    /// <summary>Puts another writer's event there.</summary>
    public void Put(RecordedEvent recorded)
    {
        lock (gate) stored.Add(recorded);
    }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken ct)
    {
        Func<Append, CancellationToken, Task<AppendResult>>? step;
        lock (gate)
        {
            appends.Add(append);
            steps.TryDequeue(out step);
        }

        return step is null ? Task.FromResult<AppendResult>(new AppendResult.Appended(Store(append))) : step(append, ct);
    }

    public async IAsyncEnumerable<RecordedEvent> ReadAsync(
        StreamId stream, Revision after, ReadFrom from, [EnumeratorCancellation] CancellationToken ct)
    {
        List<RecordedEvent> page;
        lock (gate)
        {
            reads.Add(from);
            page = stored.Where(e => e.Stream == stream && e.Revision > after).ToList();
        }

        await Task.CompletedTask;
        if (ReadFault is not null) throw ReadFault;
        foreach (var recorded in page) yield return recorded;
    }

    public IAsyncEnumerable<RecordedEvent> ReadAsync(StreamId stream, StreamHead after, ReadFrom from, CancellationToken ct) =>
        ReadAsync(stream, after.Revision, from, ct);

    public Task<RecordedEvent?> ReadOneAsync(StreamId stream, Revision revision, ReadFrom from, CancellationToken ct)
    {
        lock (gate) return Task.FromResult(stored.Find(e => e.Stream == stream && e.Revision == revision));
    }

    public Task<RecordedEvent?> ReadLastAsync(StreamId stream, CancellationToken ct)
    {
        lock (gate) return Task.FromResult(stored.LastOrDefault(e => e.Stream == stream));
    }

    public IAsyncEnumerable<RecordedEvent> FollowAsync(StreamId stream, Revision after, CancellationToken ct) =>
        throw new NotSupportedException("The script has no followers.");

    public IAsyncEnumerable<FeedItem> FollowAllAsync(LogPosition after, FeedScope scope, CancellationToken ct) =>
        throw new NotSupportedException("The script has no followers.");

    public Task<EventId?> FindAsync(LogPosition position, CancellationToken ct) =>
        throw new NotSupportedException("The script has no positions.");

    public Task TombstoneAsync(StreamId stream, Deletion deletion, CancellationToken ct) =>
        throw new NotSupportedException("The script has no tombstones.");

    private StreamHead Store(Append append)
    {
        lock (gate)
        {
            var head = append.Expected;
            foreach (var (i, e) in append.Events.Index())
            {
                var recorded = Scenario.Recorded(append.Stream.Value, head.Revision.Next.Value, e, append.Context.Epoch) with
                {
                    Id = append.Id.EventAt(i),
                    Context = append.Context,
                };
                stored.Add(recorded);
                head = recorded.Head;
            }

            return head;
        }
    }
}
