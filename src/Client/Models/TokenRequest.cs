namespace EventSourcedStreams.Client;

/// <summary>What a request needs a token for.</summary>
/// <param name="StreamId">The stream; null: several, or one that is to be.</param>
/// <param name="Refused">The token that the server has just refused, so that another is needed; null: none was.</param>
public sealed record TokenRequest(string? StreamId, string? Refused);
