namespace EventSourcedStreams.EventStoreDb;

/// <summary>A log of this kind cannot be opened; the message says what to do.</summary>
internal sealed class EventStoreDbRefusedException(string message) : Exception(message);
