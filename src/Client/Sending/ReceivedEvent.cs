namespace EventSourcedStreams.Client;

/// <summary>One event, however it came. Without any data it is of a kind that this client does not know.</summary>
/// <param name="Id">The cursor behind it; null: it has none.</param>
internal readonly record struct ReceivedEvent(string Name, long? Id, EventData? Data = null, PartData? Part = null);
