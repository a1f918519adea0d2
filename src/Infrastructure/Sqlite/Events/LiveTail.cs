using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The newest events of one stream, or of everything that a filter lets through, for followers that have caught up.
/// Bounded: a follower that asks for what is no longer in it is told to read pages. Followers of one stream share one,
/// so that a commit costs the writer the same whether one follows or thousands.
/// </summary>
/// <param name="key">What orders the events: the revision in a stream, the position in the log.</param>
internal sealed class LiveTail(int maxEvents, int maxBytes, Func<StoredEvent, long> key)
{
    private readonly Lock gate = new();
    private readonly List<StoredEvent> events = [];
    private int bytes;
    private long dropped = long.MinValue;
    private int lost;
    private bool isClosed;
    private TaskCompletionSource? changed;

    /// <summary>How often what was committed was not handed over for sure; take it before reading pages.</summary>
    public int Lost
    {
        get { lock (gate) return lost; }
    }

    /// <summary>Never blocks: a waiting follower is woken on the thread pool.</summary>
    public void Add(ReadOnlySpan<StoredEvent> committed)
    {
        lock (gate)
        {
            foreach (var stored in committed)
            {
                events.Add(stored);
                bytes += stored.Size;
            }

            DropOldest();
            Wake();
        }
    }

    /// <summary>Something may have been committed that was never added: every follower reads pages once.</summary>
    public void Lose()
    {
        lock (gate)
        {
            lost++;
            events.Clear();
            bytes = 0;
            Wake();
        }
    }

    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Wake();
        }
    }

    /// <summary>Adds the events after <paramref name="after"/> to <paramref name="into"/>, or gives the task that ends
    /// when there are some.</summary>
    /// <returns>False where some of them are no longer here: read pages.</returns>
    public bool TryRead(long after, int lostBefore, List<StoredEvent> into, out Task more)
    {
        lock (gate)
        {
            more = Task.CompletedTask;
            if (isClosed) throw new LogUnavailableException("The log has been closed.");
            if (lost != lostBefore || dropped > after) return false;
            var first = events.Count;
            while (first > 0 && key(events[first - 1]) > after) first--;
            for (var i = first; i < events.Count; i++) into.Add(events[i]);
            if (into.Count == 0)
                more = (changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return true;
        }
    }

    private void DropOldest()
    {
        var drop = 0;
        while (drop < events.Count - 1 && (events.Count - drop > maxEvents || bytes > maxBytes)) bytes -= events[drop++].Size;
        if (drop == 0) return;
        dropped = key(events[drop - 1]);
        events.RemoveRange(0, drop);
    }

    private void Wake()
    {
        var waiting = changed;
        changed = null;
        if (waiting is not null) ThreadPool.UnsafeQueueUserWorkItem(static w => w.TrySetResult(), waiting, preferLocal: false);
    }
}
