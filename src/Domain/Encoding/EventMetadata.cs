using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>The metadata of every event: its time, writer, actor and cause, and in a text, last, the hash.</summary>
internal readonly record struct EventMetadata(DateTimeOffset At, EventContext Context)
{
    private const int Version = 1;
    private const int HashChars = 43;

    private static ReadOnlySpan<byte> BeforeHash => ",\"hash\":\""u8;

    private static ReadOnlySpan<byte> AfterHash => "\"}"u8;

    /// <summary>Writes all but the hash and the closing brace: just what the hash covers.</summary>
    public static void WriteCovered(DateTimeOffset at, EventContext context, JsonBytes json)
    {
        json.Open();
        json.Number("v"u8, Version);
        json.Time("at"u8, at);
        StreamEventData.WriteNode(context.Node, "node"u8, json);
        json.Number("epoch"u8, context.Epoch);
        json.Text("actor"u8, context.Actor);
        json.TextIfAny("$correlationId"u8, context.CorrelationId);
        json.TextIfAny("$causationId"u8, context.CausationId);
    }

    public static void WriteHash(ChainHash hash, JsonBytes json)
    {
        json.Add(BeforeHash);
        json.Add(Encoding.ASCII.GetBytes(hash.ToString()));
        json.Add(AfterHash);
    }

    /// <exception cref="UndecodableException">Not metadata of ours, or of a later version.</exception>
    public static EventMetadata Read(ReadOnlyMemory<byte> metadata) => JsonFields.Read(metadata, "metadata", fields =>
    {
        // Before anything else: a later version may have moved all the rest.
        var version = fields.Long("v");
        if (version != Version)
            throw new FormatException($"it has version {version}, this program knows {Version}. Was it written by a newer version?");

        return new EventMetadata(fields.Time("at"), new EventContext(
            StreamEventReading.ReadNode(fields.Object("node")),
            fields.Int("epoch"),
            fields.Text("actor"),
            fields.OptionalText("$correlationId"),
            fields.OptionalText("$causationId")));
    });

    /// <summary>Whether a hash stands where <see cref="ReadHash"/> looks for it.</summary>
    public static bool EndsWithHash(ReadOnlyMemory<byte> metadata) => TryReadHash(metadata.Span, out _, out _);

    /// <summary>The stored hash, and how many bytes before it are covered by it. It is found by its place and form, not
    /// by parsing: anything after it would not be covered.</summary>
    /// <exception cref="UndecodableException">The metadata does not end with a hash, or is of a later
    /// version.</exception>
    public static (ChainHash Hash, int Covered) ReadHash(ReadOnlyMemory<byte> metadata)
    {
        if (TryReadHash(metadata.Span, out var hash, out var covered)) return (hash, covered);

        Read(metadata); // a later version may keep its hash elsewhere: that is then what is wrong, not the hash
        throw new UndecodableException("Its metadata does not end with a hash.");
    }

    private static bool TryReadHash(ReadOnlySpan<byte> metadata, out ChainHash hash, out int covered)
    {
        hash = default;
        covered = metadata.Length - BeforeHash.Length - HashChars - AfterHash.Length;
        return covered > 0
            && metadata[covered..].StartsWith(BeforeHash)
            && metadata.EndsWith(AfterHash)
            && TryParse(metadata.Slice(covered + BeforeHash.Length, HashChars), out hash);
    }

    private static bool TryParse(ReadOnlySpan<byte> written, out ChainHash hash)
    {
        Span<char> text = stackalloc char[HashChars];
        Encoding.Latin1.GetChars(written, text);
        return ChainHash.TryParse(text, out hash);
    }
}
