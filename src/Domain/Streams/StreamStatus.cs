using System.Text.Json.Serialization;
using EventSourcedStreams.Domain;

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

public static class StreamStatusNames
{
    private static readonly NameTable<StreamStatus> Names = new(
        (StreamStatus.Pending, "pending"), (StreamStatus.Streaming, "streaming"), (StreamStatus.Done, "done"), (StreamStatus.Error, "error"),
        (StreamStatus.Cancelled, "cancelled"), (StreamStatus.Timeout, "timeout"), (StreamStatus.Deleted, "deleted"));

    /// <summary>As stored and sent.</summary>
    public static string Name(this StreamStatus status) => Names.NameOf(status);

    public static StreamStatus? Parse(string? name) => Names.Parse(name);

    /// <summary>Done, error, cancelled or timeout: nothing but a deletion can follow.</summary>
    public static bool IsEnding(this StreamStatus status) =>
        status is StreamStatus.Done or StreamStatus.Error or StreamStatus.Cancelled or StreamStatus.Timeout;
}
