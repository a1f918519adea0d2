using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.Client;

/// <summary>Where a stream is in its life.</summary>
[JsonConverter(typeof(StreamStatusConverter))]
public enum StreamStatus
{
    /// <summary>The server could not tell; its log, or a later query, can. Also what a newer server may say.</summary>
    Unknown,

    /// <summary>Created, and not driven yet.</summary>
    Pending,

    /// <summary>Its source is writing.</summary>
    Streaming,

    /// <summary>It ended well: the text is whole.</summary>
    Done,

    /// <summary>It ended by an error, which <see cref="StreamError.Code"/> names.</summary>
    Error,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It was silent for too long, or ran for too long.</summary>
    Timeout,

    /// <summary>It was deleted, with its text.</summary>
    Deleted,
}

internal sealed class StreamStatusConverter : JsonConverter<StreamStatus>
{
    public override StreamStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, StreamStatus value, JsonSerializerOptions options) => writer.WriteStringValue(NameOf(value));

    public static StreamStatus Parse(string? name) => name switch
    {
        "pending" => StreamStatus.Pending,
        "streaming" => StreamStatus.Streaming,
        "done" => StreamStatus.Done,
        "error" => StreamStatus.Error,
        "cancelled" => StreamStatus.Cancelled,
        "timeout" => StreamStatus.Timeout,
        "deleted" => StreamStatus.Deleted,
        _ => StreamStatus.Unknown,
    };

    public static string NameOf(StreamStatus status) => status switch
    {
        StreamStatus.Pending => "pending",
        StreamStatus.Streaming => "streaming",
        StreamStatus.Done => "done",
        StreamStatus.Error => "error",
        StreamStatus.Cancelled => "cancelled",
        StreamStatus.Timeout => "timeout",
        StreamStatus.Deleted => "deleted",
        _ => "unknown",
    };
}
