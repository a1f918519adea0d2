using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Base64 that comes in batches: of the usual alphabet or of that for addresses, with or without padding, and
/// nothing else.</summary>
internal sealed class PartBase64
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    private long chars;
    private int padding;
    private bool isBroken;

    /// <summary>Looks at the next batch.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var data = text.TrimEnd('=');
        if (data.ContainsAnyExcept(Alphabet) || (padding > 0 && data.Length > 0)) isBroken = true;
        padding = Math.Min(3, padding + text.Length - data.Length);
        chars += data.Length;
    }

    /// <summary>How many bytes it is.</summary>
    /// <param name="isWhole">No more comes; else what stands in whole groups counts.</param>
    /// <returns>Null: it is no base64.</returns>
    public long? Bytes(bool isWhole)
    {
        if (isBroken || padding > 2) return null;
        if (padding == 0 && !isWhole) return chars / 4 * 3;
        return padding == 0 ? (chars % 4 == 1 ? null : chars * 3 / 4) : (chars + padding) % 4 == 0 ? chars * 3 / 4 : null;
    }

    /// <param name="texts">What was looked at, from its beginning.</param>
    /// <param name="length">How many bytes it is.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> DecodeAsync(
        IAsyncEnumerable<string> texts, long length, [EnumeratorCancellation] CancellationToken ct)
    {
        var (held, decoded) = (Array.Empty<byte>(), 0L);
        await foreach (var text in texts.WithCancellation(ct))
        {
            var all = Encoding.ASCII.GetBytes(text.TrimEnd('=').Replace('-', '+').Replace('_', '/'));
            (var bytes, held) = Decoded([.. held, .. all]);
            decoded += bytes.Length;
            if (bytes.Length > 0) yield return bytes;
        }

        if (decoded < length) yield return Decoded([.. held, .. "=="u8[..(4 - held.Length)]]).Bytes;
    }

    /// <returns>Whole groups decoded, and what is left.</returns>
    private static (byte[] Bytes, byte[] Left) Decoded(ReadOnlySpan<byte> text)
    {
        var whole = text.Length / 4 * 4;
        var bytes = new byte[whole / 4 * 3];
        Base64.DecodeFromUtf8(text[..whole], bytes, out _, out var written);
        return (bytes[..written], text[whole..].ToArray());
    }
}
