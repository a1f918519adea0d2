using System.IO.Compression;
using System.IO.Pipelines;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// Undoes the compression of an answer. None is asked for, since it would hold tokens back; some servers compress all
/// the same, and some name an encoding that a proxy has undone already.
/// </summary>
internal static class BodyDecoding
{
    private const int MostPeeked = 6;

    /// <exception cref="NotSupportedException">Names an encoding that cannot be undone.</exception>
    public static async Task<Stream> DecodedAsync(Stream body, IEnumerable<string> encodings, CancellationToken ct)
    {
        foreach (var encoding in encodings.SelectMany(named => named.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Reverse())
            body = await UndoneAsync(body, encoding.ToLowerInvariant(), ct);
        var (start, rest) = await PeekAsync(body, ct);
        return IsGzip(start) ? new GZipStream(rest, CompressionMode.Decompress) : rest;
    }

    private static async Task<Stream> UndoneAsync(Stream body, string encoding, CancellationToken ct)
    {
        var (start, rest) = await PeekAsync(body, ct);
        return encoding switch
        {
            "identity" => rest,
            "gzip" or "x-gzip" => IsGzip(start) ? new GZipStream(rest, CompressionMode.Decompress) : rest,
            "br" or "deflate" when IsText(start) => rest,
            "deflate" => IsZlib(start) ? new ZLibStream(rest, CompressionMode.Decompress) : new DeflateStream(rest, CompressionMode.Decompress),
            "br" => new BrotliStream(rest, CompressionMode.Decompress),
            _ => throw new NotSupportedException(encoding),
        };
    }

    private static bool IsGzip(byte[] start) => start is [0x1f, 0x8b, ..];

    private static bool IsZlib(byte[] start) => start is [var method, var flags, ..] && (method & 0x0f) == 8 && ((method << 8) | flags) % 31 == 0;

    /// <summary>An event or a JSON object as it is: neither begins like compressed data in practice.</summary>
    private static bool IsText(byte[] start) =>
        start.AsSpan().StartsWith("data:"u8) || start.AsSpan().StartsWith("event:"u8) || start is [(byte)'{', (byte)'"' or (byte)'\n' or (byte)'\r' or (byte)' ', ..];

    /// <summary>The first bytes, two at least where there are so many, and a stream that begins with them.</summary>
    private static async Task<(byte[] Start, Stream Whole)> PeekAsync(Stream body, CancellationToken ct)
    {
        var reader = PipeReader.Create(body);
        var read = await reader.ReadAtLeastAsync(2, ct);
        var start = read.Buffer.Slice(0, Math.Min(MostPeeked, read.Buffer.Length));
        var bytes = new byte[start.Length];
        System.Buffers.BuffersExtensions.CopyTo(start, bytes);
        reader.AdvanceTo(read.Buffer.Start);
        return (bytes, reader.AsStream());
    }
}
