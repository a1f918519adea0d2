namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>What a call takes along.</summary>
/// <param name="Headers">Names in lower case, such as <c>requires-leader</c> and <c>authorization</c>.</param>
/// <param name="Deadline">From the call's start; the server is told too. Null for none.</param>
public sealed record GrpcCallOptions(IReadOnlyList<KeyValuePair<string, string>> Headers, TimeSpan? Deadline);
