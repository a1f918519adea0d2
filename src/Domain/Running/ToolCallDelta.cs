namespace EventSourcedStreams;

/// <summary>
/// More arguments of a call that a chat client is still being told: as the <c>RawRepresentation</c> of an update that
/// has no contents, a source of <c>AddChatClient</c> writes them as they come. The whole call comes later, as content
/// whose <c>RawRepresentation</c> is a delta of the same <paramref name="Call"/>.
/// </summary>
/// <param name="Call">1, 2, … in one answer of the model, in the order of beginnings.</param>
/// <param name="CallId">As the whole call has it; null where it is not known yet.</param>
/// <param name="Name">The function's; null where it has none.</param>
/// <param name="Arguments">A piece of JSON; empty where the call begins.</param>
public sealed record ToolCallDelta(int Call, string? CallId, string? Name, string Arguments)
{
    /// <summary>The provider runs it: the call is only told.</summary>
    public bool InformationalOnly { get; init; }
}
