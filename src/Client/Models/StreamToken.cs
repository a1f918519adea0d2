namespace EventSourcedStreams.Client;

/// <summary>A token of one stream, as an app hands it to a browser.</summary>
public sealed record StreamToken(string Token, DateTimeOffset ExpiresAt);
