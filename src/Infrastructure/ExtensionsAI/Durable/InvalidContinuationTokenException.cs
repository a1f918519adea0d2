namespace EventSourcedStreams.Extensions.AI;

/// <summary>
/// A continuation token cannot be honoured: it is none of this client's source and owner, was changed, or is of a later
/// version. The message says which, and may be shown to the client that gave the token.
/// </summary>
public sealed class InvalidContinuationTokenException(string message, Exception? inner = null) : Exception(message, inner);
