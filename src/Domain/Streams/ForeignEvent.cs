namespace EventSourcedStreams;

/// <summary>An event that another program has written into a text's stream.</summary>
/// <param name="Type">As the other program calls it.</param>
public sealed record ForeignEvent(string Type, Revision Revision)
{
    /// <summary>Null for what is no foreign event, but damage.</summary>
    internal static ForeignEvent? Of(LogDamagedException e) =>
        e is { ForeignType: { } type, Revision: { } revision } ? new(type, Revision.From(revision)) : null;
}
