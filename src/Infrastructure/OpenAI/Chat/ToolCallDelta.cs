namespace EventSourcedStreams.OpenAI;

/// <summary>More arguments of a call that is still being said: the <c>RawRepresentation</c> of an update that has no
/// contents. The whole call comes later, as content.</summary>
/// <param name="Call">1, 2, … in the answer, in the order of beginnings.</param>
/// <param name="CallId">As the provider gave it; null where it gave none.</param>
/// <param name="Arguments">A piece of JSON; empty where the call begins.</param>
public sealed record ToolCallDelta(int Call, string? CallId, string? Name, string Arguments);
