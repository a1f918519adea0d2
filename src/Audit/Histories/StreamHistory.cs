using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Histories;

/// <summary>All that a store holds of one stream, checked as the server checks it (revisions without gap, the hash
/// chain, offsets, the length at the end), but without stopping at what is damaged: that is what is to be
/// seen.</summary>
internal sealed record StreamHistory(StreamId Id)
{
    public IReadOnlyList<HistoryEvent> Events { get; init; } = [];

    /// <summary>In memory at once; the longest text that the default limits allow takes half of it, batch by
    /// batch.</summary>
    private const long MaxBytes = 256 << 20;
    private const int MaxEvents = 2_000_000;

    /// <summary>In the order in which it was found.</summary>
    public IReadOnlyList<HistoryDamage> Damage { get; init; } = [];

    /// <summary>What <c>verify</c> finds besides, at events that are what was written: one that cannot follow the one
    /// before.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>As far as it is sound; null where not even the beginning is.</summary>
    public StreamBody? Body { get; init; }

    /// <summary>The stream has a tombstone: nothing else is left of it.</summary>
    public bool IsGone { get; init; }

    /// <summary>The actor and time of its deletion, where the log keeps them.</summary>
    public Deletion? Deletion { get; init; }

    public IEnumerable<RecordedEvent> Recorded => Events.Select(e => e.Recorded).OfType<RecordedEvent>();

    /// <exception cref="AuditException">There is no such stream.</exception>
    public static async Task<StreamHistory> ReadAsync(Store store, StreamId id, CancellationToken ct)
    {
        using var reading = new HistoryReading(store.Prefix, id);
        var (events, findings, bytes) = (new List<HistoryEvent>(), new List<Finding>(), 0L);
        using var verifier = new StreamVerifier(id, findings.Add);
        try
        {
            await foreach (var (stored, damage) in store.SalvagedEventsAsync(id, ct))
            {
                if (events.Count == MaxEvents || (bytes += (stored?.Data.Length ?? 0) + (stored?.Metadata.Length ?? 0)) > MaxBytes)
                    throw new AuditException($"Stream {id} has more than {MaxEvents} events or {MaxBytes >> 20} MiB of them, too much to be shown at once. `streams-audit verify` checks it.");
                if (stored is not null)
                {
                    events.Add(reading.Read(stored));
                    verifier.Check(stored);
                }
                else
                {
                    reading.Skip(damage!);
                    verifier.Unreadable(damage!.Revision ?? verifier.Next, damage.What);
                }
            }
        }
        catch (StreamGoneException)
        {
            return new StreamHistory(id) { IsGone = true, Deletion = await Absence.DeletionAsync(store, id, ct) };
        }

        if (events.Count == 0 && reading.Damage.Count == 0) reading.Skip(await Absence.EmptinessAsync(store, id, ct));
        var named = reading.Damage.Select(damage => damage.Revision).ToHashSet();
        return new StreamHistory(id)
        {
            Events = events,
            Damage = reading.Damage,
            Findings = [.. findings.Where(finding => !named.Contains(finding.Revision))],
            Body = reading.Body,
        };
    }

    /// <summary>The answer in order, of a stream that is sound.</summary>
    /// <exception cref="LogDamagedException">An event of a part cannot follow.</exception>
    public IReadOnlyList<ContentItem> Content()
    {
        var content = new AnswerContent();
        foreach (var recorded in Recorded) content.Apply(recorded);
        return content.Items;
    }

    /// <exception cref="LogDamagedException">Something of it is damaged: there is no text that could be called its
    /// text.</exception>
    /// <exception cref="AuditException">It was deleted.</exception>
    public StreamBody SoundBody(string prefix)
    {
        if (IsGone) throw Absence.Gone(Id, Deletion);
        return Damage is [var first, ..] ? throw new LogDamagedException(prefix + Id, first.Revision, first.What) : Body!;
    }
}
