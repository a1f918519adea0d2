namespace EventSourcedStreams.Client;

/// <summary>An event that another program has written.</summary>
public sealed record ForeignEvent(string Type, long Revision);
