namespace EventSourcedStreams.Domain;

/// <summary>The writer of an event: a node by its name, and which run of it (a new one at every start of the
/// process).</summary>
internal readonly record struct NodeRun(string Node, string Run);
