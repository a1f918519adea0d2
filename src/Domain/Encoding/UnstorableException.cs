namespace EventSourcedStreams.Domain;

/// <summary>An append that has no stored form, whatever was the matter: nothing of it was written, and the same again
/// will not be either.</summary>
internal sealed class UnstorableException(string message, Exception inner) : ArgumentException(message, inner);
