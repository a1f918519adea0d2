namespace EventSourcedStreams;

/// <param name="Provider">The service that makes the text, where it is not this process; at most 256
/// characters.</param>
public sealed record SourceDescription(string? Provider, string? Model);
