namespace EventSourcedStreams.Domain;

/// <summary>An event that is known by its kind alone: it says something of a stream, and neither changes its content
/// nor ends it.</summary>
/// <param name="Type">As it is stored.</param>
internal sealed record StreamNote(string Type) : StreamEvent;
