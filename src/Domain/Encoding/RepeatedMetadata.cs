using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Reads the metadata of one stream's events in turn. From one event to the next mostly nothing but time and hash
/// changes; what stands between them is then read once. Not for two threads at once.
/// </summary>
internal sealed class RepeatedMetadata
{
    private ReadOnlyMemory<byte> behindTime;
    private EventContext? context;

    private static ReadOnlySpan<byte> BeforeTime => "{\"v\":1,\"at\":"u8;

    /// <param name="covered">How many bytes come before the hash.</param>
    /// <exception cref="UndecodableException">As <see cref="EventMetadata.Read"/>.</exception>
    public EventMetadata Read(ReadOnlyMemory<byte> metadata, int covered)
    {
        if (TryReadTime(metadata.Span[..covered], out var at, out var end) is false) return EventMetadata.Read(metadata);
        var rest = metadata[end..covered];
        if (context is not null && rest.Span.SequenceEqual(behindTime.Span)) return new EventMetadata(at, context);

        var read = EventMetadata.Read(metadata);
        // A second "at" behind it would be the one that counts.
        if (read.At == at) (behindTime, context) = (rest, read.Context);
        return read;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> covered, out DateTimeOffset at, out int end)
    {
        (at, end) = (default, 0);
        if (!covered.StartsWith(BeforeTime) || covered.Length <= BeforeTime.Length) return false;
        var text = covered[BeforeTime.Length..];
        if (text[0] != '"' || text[1..].IndexOf((byte)'"') is not (> 0 and var length)) return false;
        end = BeforeTime.Length + length + 2;
        try
        {
            var reader = new Utf8JsonReader(text[..(length + 2)]);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.String || !reader.TryGetDateTimeOffset(out at)) return false;
            at = at.ToUniversalTime();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
