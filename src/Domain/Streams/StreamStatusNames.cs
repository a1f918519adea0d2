namespace EventSourcedStreams;

public static class StreamStatusNames
{
    /// <summary>As stored and sent.</summary>
    public static string Name(this StreamStatus status) => status switch
    {
        StreamStatus.Pending => "pending",
        StreamStatus.Streaming => "streaming",
        StreamStatus.Done => "done",
        StreamStatus.Error => "error",
        StreamStatus.Cancelled => "cancelled",
        StreamStatus.Timeout => "timeout",
        StreamStatus.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
    };

    public static StreamStatus? Parse(string? name) => name switch
    {
        "pending" => StreamStatus.Pending,
        "streaming" => StreamStatus.Streaming,
        "done" => StreamStatus.Done,
        "error" => StreamStatus.Error,
        "cancelled" => StreamStatus.Cancelled,
        "timeout" => StreamStatus.Timeout,
        "deleted" => StreamStatus.Deleted,
        _ => null,
    };

    /// <summary>Done, error, cancelled or timeout: nothing but a deletion can follow.</summary>
    public static bool IsEnding(this StreamStatus status) =>
        status is StreamStatus.Done or StreamStatus.Error or StreamStatus.Cancelled or StreamStatus.Timeout;
}
