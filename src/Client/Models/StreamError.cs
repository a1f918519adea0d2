namespace EventSourcedStreams.Client;

/// <summary>Why a stream did not end well.</summary>
/// <param name="Code">Stable; tell cases apart by it.</param>
/// <param name="By">The actor that cancelled it; null for any other ending.</param>
public sealed record StreamError(string Code, string Message, string? By = null);
