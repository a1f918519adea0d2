using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>A stream's status as seen from outside.</summary>
[JsonConverter(typeof(StreamStatusJsonConverter))]
public enum StreamStatus
{
    /// <summary>Created, not yet driven.</summary>
    Pending,

    /// <summary>Claimed by a driver.</summary>
    Streaming,
    Done,
    Error,
    Cancelled,
    Timeout,

    /// <summary>Fenced for deletion, or gone.</summary>
    Deleted,
}
