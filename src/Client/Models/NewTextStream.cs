using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>A stream that is to be.</summary>
public sealed record NewTextStream
{
    /// <summary>1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, the first a letter or digit; never used again. Null:
    /// one is made here, so that a lost answer makes no second stream.</summary>
    public string? Id { get; init; }

    /// <summary>The text source that will write it; null: the server's default.</summary>
    public string? Source { get; init; }

    /// <summary>The source's own JSON: <c>JsonSerializer.SerializeToElement(…)</c>.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>After how long a silence the stream ends, in whole seconds, 5 s to 1 day; null: as
    /// configured.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long after its start the stream ends as <see cref="StreamStatus.Timeout"/>, in whole seconds, 1 s
    /// to 1 day; null: not at all.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>How long after its end the stream is deleted, in whole seconds; null: as configured.</summary>
    public TimeSpan? Retain { get; init; }

    /// <summary>Whether it is cancelled once it has had neither a driver nor a follower for 10 s.</summary>
    public bool CancelOnDisconnect { get; init; }

    /// <summary>At most 32; names of 1 to 64 characters without <c>:</c>, values of at most 256.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
