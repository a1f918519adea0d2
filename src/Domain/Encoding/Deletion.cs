namespace EventSourcedStreams.Domain;

/// <summary>What is kept of a deleted stream where the log can keep it.</summary>
internal sealed record Deletion(string By, DateTimeOffset At, StreamHead Head);
