using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

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
