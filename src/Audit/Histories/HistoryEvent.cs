using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Histories;

/// <summary>One event as the store has it, and what could be made of it.</summary>
/// <param name="Recorded">Null where it cannot be read.</param>
/// <param name="Damage">What is wrong with it or before it; null for one that is what was written.</param>
internal sealed record HistoryEvent(StoredEvent Stored, RecordedEvent? Recorded, string? Damage);

/// <param name="Revision">Null where the store could not say.</param>
internal sealed record HistoryDamage(long? Revision, string What);
