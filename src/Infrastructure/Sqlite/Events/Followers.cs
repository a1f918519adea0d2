using System.Collections.Concurrent;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>The followers of streams and of everything. A follower stands here before it reads its first page, and the
/// writer looks here after each commit: so an event is in a page, or handed over, or both, never in neither.</summary>
internal sealed class Followers(SqliteEventStoreOptions options)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Shared> streams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Feed, byte> feeds = new();
    private bool isClosed;
    private TaskCompletionSource? nextCommit;

    public IDisposable Follow(string stream, out LiveTail tail)
    {
        lock (gate)
        {
            var shared = streams.GetOrAdd(stream, _ => new Shared(NewTail(static e => e.Revision)));
            shared.Followers++;
            tail = shared.Tail;
            if (isClosed) tail.Close();
            return new Leaving(() => Leave(stream, shared));
        }
    }

    public IDisposable FollowAll(StoreFilter filter, out LiveTail tail)
    {
        lock (gate)
        {
            tail = NewTail(static e => (long)e.Position.Commit);
            var feed = new Feed(filter, tail);
            feeds.TryAdd(feed, 0);
            if (isClosed) tail.Close();
            return new Leaving(() => feeds.TryRemove(feed, out _));
        }
    }

    /// <summary>Ends with the next commit, for followers that then read pages. Take it before reading: what is not in a
    /// page ends it.</summary>
    public Task NextCommit()
    {
        lock (gate)
        {
            if (isClosed) throw new LogUnavailableException("The log has been closed.");
            return (nextCommit ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Called by the writer after a commit, in the log's order.</summary>
    public void Publish(IReadOnlyList<Written> committed)
    {
        WakeReaders();
        if (streams.IsEmpty && feeds.IsEmpty) return;
        var feeding = feeds.IsEmpty ? [] : feeds.Keys.Select(feed => (feed, Events: new List<StoredEvent>())).ToArray();
        foreach (var written in committed)
        {
            StoredEvent[]? events = null;
            if (streams.TryGetValue(written.Stream, out var shared)) shared.Tail.Add(events = written.All());
            foreach (var (feed, into) in feeding)
                for (var i = 0; i < written.Events.Count; i++)
                    if (feed.Filter.Matches(written.Stream, written.Events[i].Type)) into.Add(events?[i] ?? written.At(i));
        }

        foreach (var (feed, events) in feeding)
            if (events.Count > 0) feed.Tail.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(events));
    }

    /// <summary>After a commit whose end is not known.</summary>
    public void Lose()
    {
        ForEach(static tail => tail.Lose());
        WakeReaders();
    }

    public void Close()
    {
        lock (gate) isClosed = true;
        ForEach(static tail => tail.Close());
        WakeReaders();
    }

    private void WakeReaders()
    {
        if (Volatile.Read(ref nextCommit) is null) return;
        TaskCompletionSource? waiting;
        lock (gate) (waiting, nextCommit) = (nextCommit, null);
        if (waiting is not null) ThreadPool.UnsafeQueueUserWorkItem(static w => w.TrySetResult(), waiting, preferLocal: false);
    }

    private void ForEach(Action<LiveTail> act)
    {
        foreach (var shared in streams.Values) act(shared.Tail);
        foreach (var feed in feeds.Keys) act(feed.Tail);
    }

    private void Leave(string stream, Shared shared)
    {
        lock (gate)
            if (--shared.Followers == 0) streams.TryRemove(stream, out _);
    }

    private LiveTail NewTail(Func<StoredEvent, long> key) => new(options.FollowedEvents, options.FollowedBytes, key);

    private sealed class Shared(LiveTail tail)
    {
        public LiveTail Tail { get; } = tail;

        public int Followers { get; set; }
    }

    private sealed class Feed(StoreFilter filter, LiveTail tail)
    {
        public StoreFilter Filter { get; } = filter;

        public LiveTail Tail { get; } = tail;
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? leave = leave;

        public void Dispose() => Interlocked.Exchange(ref leave, null)?.Invoke();
    }
}
