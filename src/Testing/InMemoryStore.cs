using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Testing;

/// <summary>
/// What several <see cref="InMemoryEventStore"/>s share, as several processes share a database. Nothing outlives the
/// process; for tests and trials. Positions count from 1 and are never reused.
/// </summary>
/// <param name="time">The log's own clock: <c>Created</c>, and what is too old to be kept.</param>
internal sealed class InMemoryStore(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, InMemoryStream> streams = new(StringComparer.Ordinal);

    /// <summary>The event at position i + 1; null once it was removed.</summary>
    private readonly List<StoredEvent?> inOrder = [];

    private TaskCompletionSource changed = NewSignal();

    internal AppendOutcome Append(string name, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        lock (gate)
        {
            var stream = StreamNamed(name);
            if (stream.IsTombstoned) return new AppendOutcome.Deleted();
            if (stream.FindRepeat(expected, events) is { } repeated)
                return new AppendOutcome.Appended(repeated.Revision, repeated.Position);
            if (expected == ExpectedRevision.StreamExists && stream.Last < 0 && !streams.ContainsKey("$$" + name))
                return new AppendOutcome.Lost(stream.Last);
            if (!expected.IsLoose && expected.Value != stream.Last) return new AppendOutcome.Lost(stream.Last) { Next = stream.Find(expected.Value + 1) };

            foreach (var e in events)
                stream.Add(Record(name, stream.Last + 1, e.Id, e.Type, e.ContentType, Copy(e.Data), Copy(e.Metadata)));
            Trim(stream);
            Announce();
            return new AppendOutcome.Appended(stream.Last, LogPosition.At(inOrder.Count));
        }
    }

    internal StoreRead Read(string name, long from, bool forward, int maxCount)
    {
        lock (gate)
        {
            if (!streams.TryGetValue(name, out var stream)) return new StoreRead.Missing();
            Trim(stream);
            return stream.Read(from, forward, maxCount);
        }
    }

    /// <summary>The next event after a position that the filter lets through, and a task that ends when there is more
    /// to look at.</summary>
    internal (StoredEvent? Next, ulong LookedAt, Task More) NextAfter(ulong position, StoreFilter filter)
    {
        lock (gate)
        {
            for (var i = position; i < (ulong)inOrder.Count; i++)
            {
                if (inOrder[(int)i] is { } e && filter.Matches(e.Stream, e.Type)) return (e, i + 1, changed.Task);
            }

            return (null, Math.Max(position, (ulong)inOrder.Count), changed.Task);
        }
    }

    internal StoredEvent? Find(LogPosition position)
    {
        lock (gate)
        {
            return position.Commit == position.Prepare && position.Commit - 1 < (ulong)inOrder.Count
                ? inOrder[(int)(position.Commit - 1)]
                : null;
        }
    }

    internal AppendOutcome Tombstone(string name, ExpectedRevision expected, EventId id, ReadOnlyMemory<byte> metadata)
    {
        lock (gate)
        {
            var stream = StreamNamed(name);
            if (stream.IsTombstoned) return new AppendOutcome.Deleted();
            if (expected == ExpectedRevision.StreamExists ? stream.Last < 0 : !expected.IsLoose && expected.Value != stream.Last)
                return new AppendOutcome.Lost(stream.Last);
            var last = Record(name, StoredEvent.TombstoneRevision, id, StoredEvent.TombstoneType, "", [], Copy(metadata));
            Forget(stream.Tombstone());
            Announce();
            return new AppendOutcome.Appended(stream.Last, last.Position);
        }
    }

    internal void SetLimits(string name, StreamLimits limits)
    {
        lock (gate)
        {
            var stream = StreamNamed(name);
            if (stream.Limits == limits) return;
            stream.Limits = limits;
            Trim(stream);
            WriteMetadata("$$" + name, limits);
            Announce();
        }
    }

    /// <summary>Ends when something has been written since the call.</summary>
    internal Task More
    {
        get { lock (gate) return changed.Task; }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>As a database does: the caller may use the memory for something else.</summary>
    private static byte[] Copy(ReadOnlyMemory<byte> bytes) => bytes.ToArray();

    private InMemoryStream StreamNamed(string name) =>
        streams.TryGetValue(name, out var stream) ? stream : streams[name] = new InMemoryStream();

    private StoredEvent Record(string stream, long revision, EventId id, string type, string contentType, byte[] data, byte[] metadata)
    {
        var stored = new StoredEvent(
            stream, revision, LogPosition.At(inOrder.Count + 1), time.GetUtcNow(), id, type, contentType, data, metadata);
        inOrder.Add(stored);
        return stored;
    }

    /// <summary>Limits stand in a stream of their own, as in EventStoreDB.</summary>
    private void WriteMetadata(string name, StreamLimits limits)
    {
        using var json = new JsonBytes();
        json.Open();
        if (limits.MaxCount is { } maxCount) json.Number("$maxCount"u8, maxCount);
        if (limits.MaxAge is { } maxAge) json.Number("$maxAge"u8, (long)maxAge.TotalSeconds);
        json.Close();
        var stream = StreamNamed(name);
        stream.Add(Record(name, stream.Last + 1, new EventId(Guid.NewGuid()), "$metadata", StoredTypes.Json, json.Take(), []));
    }

    private void Trim(InMemoryStream stream) => Forget(stream.RemoveOverLimit(time.GetUtcNow()));

    private void Forget(IReadOnlyList<StoredEvent> events)
    {
        foreach (var e in events) inOrder[(int)(e.Position.Commit - 1)] = null;
    }

    private void Announce()
    {
        var announced = changed;
        changed = NewSignal();
        announced.SetResult();
    }
}
