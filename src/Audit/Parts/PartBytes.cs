using System.Buffers.Text;
using System.Text;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Parts;

/// <summary>The bytes that a part stands for.</summary>
internal static class PartBytes
{
    /// <exception cref="AuditException">There is no such part, or it is bytes and would go to a terminal.</exception>
    public static async Task WriteAsync(AuditConsole console, StreamHistory history, int number, CancellationToken ct)
    {
        var parts = history.Content().OfType<ContentItem.Part>().ToList();
        var part = parts.Find(part => part.Number == number)
            ?? throw new AuditException($"Stream {history.Id} has no part {number}: {(parts.Count == 0 ? "it has none" : $"they go from 1 to {parts.Count}")}.");
        if (part.State is PartState.Open or PartState.Cut)
            console.Note($"Part {number} {(part.State is PartState.Open ? "is open" : "was cut off")}: this is as much of it as there is.");
        if (part.Start.Encoding is not PartEncoding.Base64 || Decoded(part.Text) is not { } bytes)
        {
            console.WriteText(part.Text);
            return;
        }

        if (console.IsOutputTerminal)
            throw new AuditException($"Part {number} is {bytes.Length} bytes{(part.Start.MediaType is { } type ? $" of {type}" : "")}: write them to a file, with > FILE.");
        await console.WriteBytesAsync(bytes, ct);
    }

    /// <summary>Null: the text is no base64, and is shown as it is.</summary>
    private static byte[]? Decoded(string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        if (!Base64.IsValid(encoded)) return null;
        Base64.DecodeFromUtf8InPlace(encoded, out var length);
        return encoded[..length];
    }
}
