namespace EventSourcedStreams.Domain;

/// <summary>What is wrong with an event's bytes; the codec adds the stream's name and the revision.</summary>
internal sealed class UndecodableException(string what, Exception? inner = null) : Exception(what, inner);
