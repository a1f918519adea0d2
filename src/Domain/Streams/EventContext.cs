namespace EventSourcedStreams.Domain;

/// <summary>The node, actor and cause of an event; goes into the metadata of every event.</summary>
/// <param name="Epoch">The stream's epoch when it was written; 0 before a driver started.</param>
/// <param name="Actor">The caller's name, as authenticated; else <see cref="Anonymous"/>.</param>
internal sealed record EventContext(NodeRun Node, int Epoch, string Actor, string? CorrelationId = null, string? CausationId = null)
{
    public const string Anonymous = "anonymous";
}
