using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>A page of everything.</summary>
/// <param name="Seen">What was looked at, in the reading direction.</param>
/// <param name="Upto">The position up to which was looked.</param>
/// <param name="AtEnd">Nothing further lies in the reading direction, as far as this reader saw.</param>
internal sealed record AllPage(IReadOnlyList<SeenEvent> Seen, long Upto, bool AtEnd);

/// <param name="Event">Null where the filter does not let it through.</param>
internal readonly record struct SeenEvent(long Position, StoredEvent? Event);

/// <summary>What a follower of a stream gets at once.</summary>
/// <param name="Events">The last one may be the tombstone.</param>
/// <param name="AtEnd">The stream is there, and this is all of it until now.</param>
internal sealed record StreamPage(IReadOnlyList<StoredEvent> Events, bool AtEnd);
