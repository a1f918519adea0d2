using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Histories;

/// <summary>Checks a stream's events in order and goes on behind damage: there the chain is anchored anew on what is
/// stored.</summary>
internal sealed class HistoryReading(StreamPrefix prefix, StreamId stream) : IDisposable
{
    private readonly List<HistoryDamage> damage = [];
    private StreamReading? reading = StreamReading.After(prefix, stream, Revision.None);
    private long next;

    public IReadOnlyList<HistoryDamage> Damage => damage;

    /// <summary>The fold of the events before the first damage.</summary>
    public StreamBody? Body { get; private set; }

    public HistoryEvent Read(StoredEvent stored)
    {
        var before = damage.Count;
        var recorded = Checked(stored);
        next = stored.Revision + 1;
        if (damage.Count == 0) Fold(recorded!);
        return new HistoryEvent(stored, recorded, damage.Count > before ? damage[^1].What : null);
    }

    /// <summary>An event that the store itself cannot give: what comes next has nothing to be linked to.</summary>
    public void Skip(LogDamagedException found)
    {
        if (damage.Count == 0 || damage[^1].Revision != found.Revision) Add(found);
        next = (found.Revision ?? next) + 1;
        reading?.Dispose();
        reading = null;
    }

    public void Dispose() => reading?.Dispose();

    private void Add(LogDamagedException found) => damage.Add(new HistoryDamage(found.Revision, found.What));

    private RecordedEvent? Checked(StoredEvent stored)
    {
        try
        {
            if (reading?.Read(stored) is { } recorded) return recorded;
            if (reading is null && stored.Revision != next) damage.Add(new(next, $"The event is missing; the next one there is {stored.Revision}."));
        }
        catch (LogDamagedException e)
        {
            Add(e);
        }

        return Anchored(stored);
    }

    private RecordedEvent? Anchored(StoredEvent stored)
    {
        reading?.Dispose();
        reading = StreamReading.After(prefix, stream, Revision.From(stored.Revision));
        try
        {
            reading.Read(stored);
            return StreamCodec.Decode(stream, stored);
        }
        catch (LogDamagedException e)
        {
            // Nothing to anchor on, or nothing that can be shown; the next event's own hash will do.
            if (damage.Count == 0 || damage[^1].Revision != e.Revision) Add(e);
            if (reading.Next != stored.Revision) return null;
            reading.Dispose();
            reading = null;
            return null;
        }
    }

    private void Fold(RecordedEvent recorded)
    {
        try
        {
            Body = StreamBody.Apply(Body, recorded);
        }
        catch (LogDamagedException e)
        {
            Add(e);
        }
    }
}
