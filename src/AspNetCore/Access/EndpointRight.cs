namespace EventSourcedStreams.AspNetCore;

/// <summary>What an endpoint asks of its caller; metadata of the endpoint.</summary>
/// <param name="Right">Null: any caller that is known.</param>
/// <param name="Operation">What is done, as the record of access has it: stored, and so for ever.</param>
internal sealed record EndpointRight(StreamRight? Right, string Operation)
{
    /// <summary>Whether a call of it is recorded, where there is a record of access.</summary>
    public bool IsRecorded { get; init; } = Right is StreamRight.Read;

    /// <summary>Each of the streams that a call names is decided on by itself, and may come with a token of its
    /// own.</summary>
    public bool IsOfSeveral { get; init; }
}
