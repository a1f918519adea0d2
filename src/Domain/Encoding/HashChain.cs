using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Computes the links of one stream's hash chain. Each covers the one before and everything that is stored of its
/// event, each part of variable length behind its length, so that no two histories feed the hash the same bytes. Not
/// for two threads at once.
/// </summary>
internal sealed class HashChain(StreamId stream) : IDisposable
{
    private const int FixedBytes = ChainHash.Bytes + 8 + 16;

    private readonly byte[] id = Encoding.UTF8.GetBytes(stream.Value);

    // All parts in one piece: hashing them one by one takes several times as long as the hashing itself.
    private byte[] parts = ArrayPool<byte>.Shared.Rent(4096);
    private int length;

    /// <param name="covered">The metadata up to the comma before <c>"hash"</c>.</param>
    public ChainHash Next(
        ChainHash previous,
        long revision,
        EventId eventId,
        string type,
        string contentType,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> covered)
    {
        var most = FixedBytes + (5 * 4) + id.Length + data.Length + covered.Length
            + Encoding.UTF8.GetMaxByteCount(type.Length) + Encoding.UTF8.GetMaxByteCount(contentType.Length);
        if (parts.Length < most) Rent(most);

        length = 0;
        previous.CopyTo(Reserve(ChainHash.Bytes));
        Add(id);
        BinaryPrimitives.WriteInt64BigEndian(Reserve(8), revision);
        eventId.Value.TryWriteBytes(Reserve(16), bigEndian: true, out _);
        Add(type);
        Add(contentType);
        Add(data);
        Add(covered);

        Span<byte> hash = stackalloc byte[ChainHash.Bytes];
        SHA256.HashData(parts.AsSpan(0, length), hash);
        return new ChainHash(hash);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(parts);
        parts = [];
    }

    private void Rent(int most)
    {
        ArrayPool<byte>.Shared.Return(parts);
        parts = ArrayPool<byte>.Shared.Rent(most);
    }

    private void Add(string name)
    {
        var before = Reserve(4);
        var written = Encoding.UTF8.GetBytes(name, parts.AsSpan(length));
        BinaryPrimitives.WriteInt32BigEndian(before, written);
        length += written;
    }

    private void Add(ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), part.Length);
        part.CopyTo(Reserve(part.Length));
    }

    private Span<byte> Reserve(int bytes)
    {
        var taken = parts.AsSpan(length, bytes);
        length += bytes;
        return taken;
    }
}
