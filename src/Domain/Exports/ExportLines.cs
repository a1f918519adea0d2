using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EventSourcedStreams.Domain;

/// <summary>
/// The lines of an export, each one JSON object, without their line feed. The format is for ever, and every line has
/// exactly one form: what is read is written again and compared, so that nothing can hide in it and two exports of the
/// same streams are the same bytes.
/// </summary>
internal static class ExportLines
{
    public const string Format = "event-sourced-streams-export";
    public const int Version = 1;

    /// <summary>The longest event that can be stored fits several times; a longer line is no export of ours.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Explains the file to a reader that has nothing else.</summary>
    private static readonly string[] About =
    [
        "Newline-delimited JSON in UTF-8. After this line: streams of events, ordered by the bytes of their ids, events by revision from 0.",
        "An event: 'data' and 'metadata' are the stored bytes as text in UTF-8; where they are no UTF-8, 'data64' and 'metadata64' in base64.",
        "A stream's last line says how many events it has, the revision of the last, and its hash. A deleted stream is one line: who, when, where it ended.",
        "Hash chain: a metadata ends with ,\"hash\":\"H\"}. H is base64url of SHA-256 over: the hash before (32 bytes, zeros for the first), then id, "
            + "revision, event id, type, content type, data, and the metadata before that comma.",
        "The revision is 8 bytes big-endian and the event id its 16 bytes as they are printed, both without a length; the other five are UTF-8, each "
            + "behind its length in 4 bytes big-endian.",
        "The last line counts, and has the SHA-256 (hex) of all bytes before it, their line feeds included.",
    ];

    public static byte[] Header { get; } = Line(static json =>
    {
        json.Text("format"u8, Format);
        json.Number("version"u8, Version);
        json.Texts("about"u8, About);
    });

    /// <summary>Of a first line; null where it begins no export.</summary>
    public static int? VersionIn(ReadOnlySpan<byte> line)
    {
        try
        {
            var header = JsonElement.Parse(line);
            return header.GetProperty("format").GetString() == Format ? header.GetProperty("version").GetInt32() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    public static byte[] Of(CarriedItem item) => Line(json =>
    {
        json.Text("stream"u8, item.Stream.Value);
        switch (item)
        {
            case CarriedItem.Event { Stored: var stored }:
                json.Number("revision"u8, stored.Revision);
                json.Text("id"u8, stored.Id.ToString());
                json.Text("type"u8, stored.Type);
                json.Text("contentType"u8, stored.ContentType);
                Bytes(json, "data"u8, "data64"u8, stored.Data.Span);
                Bytes(json, "metadata"u8, "metadata64"u8, stored.Metadata.Span);
                break;
            case CarriedItem.End end:
                json.Number("events"u8, end.Events);
                if (end.Head is not { } head) break;
                json.Number("head"u8, head.Revision.Value);
                json.Text("hash"u8, head.Hash.ToString());
                break;
            case CarriedItem.Tombstone tombstone:
                json.True("deleted"u8);
                if (!tombstone.Metadata.IsEmpty) Bytes(json, "metadata"u8, "metadata64"u8, tombstone.Metadata.Span);
                break;
            case CarriedItem.Damaged damaged:
                json.Text("damaged"u8, damaged.What);
                break;
        }
    });

    public static byte[] Of(ExportManifest manifest) => Line(json =>
    {
        json.Number("streams"u8, manifest.Streams);
        json.Number("deleted"u8, manifest.Deleted);
        json.Number("damaged"u8, manifest.Damaged);
        json.Number("events"u8, manifest.Events);
        json.Text("sha256"u8, manifest.Sha256);
    });

    /// <param name="only">What was read from the line, written again.</param>
    /// <returns>Where the line is in another form; null where it is in its own.</returns>
    public static string? Difference(ReadOnlySpan<byte> line, ReadOnlySpan<byte> only)
    {
        var same = line.CommonPrefixLength(only);
        return same < line.Length || same < only.Length
            ? $"At byte {same} it is not as an export is written. Was it edited, or written by a newer version?"
            : null;
    }

    private static void Bytes(JsonBytes json, ReadOnlySpan<byte> asText, ReadOnlySpan<byte> asBase64, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) json.Text(asText, Encoding.UTF8.GetString(bytes));
        else json.Text(asBase64, Convert.ToBase64String(bytes));
    }

    private static byte[] Line(Action<JsonBytes> write)
    {
        using var json = new JsonBytes();
        json.Open();
        write(json);
        json.Close();
        return json.Take();
    }
}
