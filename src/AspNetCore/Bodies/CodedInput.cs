using System.IO.Compression;
using System.Security.Cryptography;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A coded body as its decoder reads it. It knows whether the decoder has asked beyond the body's end: one that has all
/// it needs does not. A decoder of gzip always does, because another member may follow; it is handed one of ours, and
/// only a decoder that has come to the end of the last member reads that as one.
/// </summary>
internal sealed class CodedInput(Stream coded, bool isGzip) : ReadOnlyStream
{
    /// <summary>
    /// So many bytes at the end of what came are handed one by one: a decoder takes all that it is handed and does not
    /// say where in it its data ended, so only bytes that it has not asked for are known to be behind them.
    /// </summary>
    private const int ClosingBytes = 32;

    private byte[] ahead = [];
    private int handed;
    private byte lastAlone;
    private byte[] behind = isGzip ? MarkerMember : [];

    /// <summary>What our own member decodes to: nothing that a body could foresee.</summary>
    public static byte[] Marker { get; } = RandomNumberGenerator.GetBytes(16);

    private static byte[] MarkerMember { get; } = Compress(Marker);

    /// <summary>The decoder has been told that there is no more, or has been handed our own member.</summary>
    public bool IsPastEnd { get; private set; }

    public bool IsEmpty { get; private set; } = true;

    /// <summary>The body itself could not be read: it is not the coding's fault.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The first bytes, fewer where there are no more; the decoder gets them again.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count && await ReadCodedAsync(bytes.AsMemory(read), ct) is > 0 and var more) read += more;
        ahead = bytes[..read];
        return ahead;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (handed < ahead.Length) return Hand(buffer);
        if (!IsPastEnd && await ReadCodedAsync(buffer, cancellationToken) is > 0 and var read)
        {
            var first = Math.Max(1, read - ClosingBytes);
            (ahead, handed) = (buffer[first..read].ToArray(), 0);
            lastAlone = first == 1 ? buffer.Span[0] : (byte)0;
            return first;
        }

        if (!IsPastEnd) (ahead, behind, handed) = (IsEmpty ? [] : behind, [], 0);
        IsPastEnd = true;
        return Hand(buffer);
    }

    /// <summary>
    /// Whether more than padding with zeros follows the data, once their decoder has come to its end without asking on.
    /// That of gzip has looked at the byte behind them.
    /// </summary>
    public async ValueTask<bool> HasMoreAsync(CancellationToken ct)
    {
        if ((isGzip && lastAlone != 0) || IsMore(ahead.AsSpan(handed))) return true;
        var rest = new byte[4096];
        while (await ReadCodedAsync(rest, ct) is > 0 and var read)
            if (IsMore(rest.AsSpan(0, read))) return true;
        return false;
    }

    private static bool IsMore(ReadOnlySpan<byte> bytes) => bytes.ContainsAnyExcept((byte)0);

    private int Hand(Memory<byte> buffer)
    {
        var count = Math.Min(IsPastEnd ? ahead.Length - handed : 1, Math.Min(ahead.Length - handed, buffer.Length));
        if (count == 0) return 0;
        ahead.AsMemory(handed, count).CopyTo(buffer);
        handed += count;
        lastAlone = ahead[handed - 1];
        return count;
    }

    private async ValueTask<int> ReadCodedAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            var read = await coded.ReadAsync(buffer, ct);
            IsEmpty &= read == 0;
            return read;
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    private static byte[] Compress(byte[] bytes)
    {
        var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.NoCompression)) gzip.Write(bytes);
        return member.ToArray();
    }
}
