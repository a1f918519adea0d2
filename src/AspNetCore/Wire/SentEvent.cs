using System.Buffers.Text;

namespace EventSourcedStreams.AspNetCore;

/// <summary>One event as <see cref="Frames"/> has written it, found again among the bytes that all observers
/// share.</summary>
/// <param name="id">Its revision's digits; empty: it has none.</param>
/// <param name="data">A JSON object with at least one member.</param>
internal readonly ref struct SentEvent(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
{
    public ReadOnlySpan<byte> Id { get; } = id;

    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Data { get; } = data;

    public bool IsText => Name.SequenceEqual("text"u8);

    public bool IsEnd => Name.SequenceEqual("end"u8);

    /// <summary>The number of the part that it is of; null: it is of none.</summary>
    public int? Part =>
        Name.StartsWith(PartFrames.StartName) && Utf8Parser.TryParse(Data[BeforePart.Length..], out int part, out _) ? part : null;

    /// <summary>The inside of a text's JSON string.</summary>
    public ReadOnlySpan<byte> EscapedText => Data[(Data.IndexOf(BeforeText) + BeforeText.Length)..^2];

    private static ReadOnlySpan<byte> BeforePart => "{\"part\":"u8;

    private static ReadOnlySpan<byte> BeforeText => ",\"text\":\""u8;

    /// <summary>Takes the first event off the bytes; false: there is none any more.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> bytes, out SentEvent first)
    {
        first = default;
        if (bytes.IsEmpty) return false;
        var end = bytes.IndexOf("\n\n"u8);
        var lines = bytes[..end];
        bytes = bytes[(end + 2)..];
        var id = lines.StartsWith("id: "u8) ? TakeLine(ref lines)["id: "u8.Length..] : default;
        var name = TakeLine(ref lines)["event: "u8.Length..];
        first = new SentEvent(id, name, lines["data: "u8.Length..]);
        return true;
    }

    private static ReadOnlySpan<byte> TakeLine(scoped ref ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf((byte)'\n');
        var line = lines[..end];
        lines = lines[(end + 1)..];
        return line;
    }
}
