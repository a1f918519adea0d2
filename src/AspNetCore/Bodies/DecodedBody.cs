using System.IO.Compression;

namespace EventSourcedStreams.AspNetCore;

/// <summary>One coding taken off a body, as it comes. A body that is cut short gives what can be decoded of it, and
/// fails then.</summary>
internal sealed class DecodedBody(Stream coded, string coding, long maxBytes) : ReadOnlyStream
{
    private readonly CodedInput input = new(coded, isGzip: coding == "gzip");
    private Stream? decoder;
    private long decoded;
    private bool isOver;

    /// <exception cref="SourceFailedException">What comes is not of this coding, ends before its end, or is longer than
    /// is allowed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isOver || buffer.IsEmpty) return 0;
        var read = await DecodeAsync(buffer, cancellationToken);
        if (read > 0 && !input.IsPastEnd) return Counted(read);

        isOver = true;
        if (input.IsPastEnd && !input.IsEmpty && !await IsMarkerAsync(buffer[..read].ToArray(), cancellationToken)) throw CutShort();
        if (!input.IsPastEnd && await input.HasMoreAsync(cancellationToken)) throw Trailed();
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder?.Dispose();
            coded.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Counted(int read)
    {
        decoded += read;
        return decoded <= maxBytes
            ? read
            : throw new SourceFailedException("too-long", $"What was sent as {coding} is longer than {maxBytes} bytes when decoded; what fits is kept.");
    }

    private async ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            decoder ??= await OpenAsync(ct);
            return await decoder.ReadAsync(buffer, ct);
        }
        catch (Exception e) when (!input.HasFailed && e is InvalidDataException or InvalidOperationException or IOException)
        {
            throw input.IsPastEnd ? CutShort() : new SourceFailedException(
                "invalid-encoding", $"The upload is not {coding}, as its Content-Encoding says. The text before the fault is kept.", e);
        }
    }

    private async ValueTask<bool> IsMarkerAsync(byte[] begin, CancellationToken ct)
    {
        if (coding != "gzip") return false;
        var (all, more) = (new List<byte>(begin), new byte[64]);
        while (begin.Length > 0 && all.Count <= more.Length && await DecodeAsync(more, ct) is > 0 and var read) all.AddRange(more.AsSpan(0, read));
        return all.SequenceEqual(CodedInput.Marker);
    }

    private async ValueTask<Stream> OpenAsync(CancellationToken ct) => coding switch
    {
        "gzip" => new GZipStream(input, CompressionMode.Decompress),
        "br" => new BrotliStream(input, CompressionMode.Decompress),
        _ => IsZLib(await input.PeekAsync(2, ct))
            ? new ZLibStream(input, CompressionMode.Decompress)
            : new DeflateStream(input, CompressionMode.Decompress),
    };

    /// <summary>By its name <c>deflate</c> has zlib's header; many clients leave it out.</summary>
    private static bool IsZLib(ReadOnlyMemory<byte> first) =>
        first.Span is [var method, var flags] && (method & 0x0F) == 8 && ((method << 8) | flags) % 31 == 0;

    private SourceFailedException Trailed() => new(
        "invalid-encoding", $"More follows the end of the upload's {coding} data, and is not {coding}. The text before it is kept.");

    private SourceFailedException CutShort() =>
        new("upload-interrupted", $"The upload ends before its {coding} data does. The text that came until then is kept.");
}
