namespace EventSourcedStreams.Domain;

/// <summary>Who wrote: a node by its name, and which run of it (a new one at every start of the process).</summary>
internal readonly record struct NodeRun(string Node, string Run);
