namespace EventSourcedStreams.Domain;

/// <param name="LastEvent">The id of the event at <paramref name="Position"/>: proves that the position is of this
/// log.</param>
internal sealed record CatalogCheckpoint(string LogId, LogPosition Position, EventId LastEvent);
