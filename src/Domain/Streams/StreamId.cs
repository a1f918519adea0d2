using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>
/// Names one text stream, for ever: an id is never used again, also after a deletion. Which names a client may choose
/// is the matter of the surface that it uses; here an id is any non-empty text of at most <see cref="MaxChars"/> UTF-16
/// code units.
/// </summary>
[JsonConverter(typeof(StreamIdJsonConverter))]
public readonly record struct StreamId
{
    public const int MaxChars = 512;

    private readonly string? value;

    /// <exception cref="ArgumentException">The id is empty or too long.</exception>
    public StreamId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Length > MaxChars) throw new ArgumentException($"A stream id has at most {MaxChars} characters.", nameof(value));
        this.value = value;
    }

    public string Value => value ?? throw new InvalidOperationException("A default StreamId names nothing.");

    public override string ToString() => value ?? "";
}
