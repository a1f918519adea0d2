using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure;

/// <summary>
/// Computes the links of one stream's hash chain. Each covers the one before and everything that is stored of its event, each part of
/// variable length behind its length, so that no two histories feed the hash the same bytes. Not for two threads at once.
/// </summary>
internal sealed class HashChain(StreamId stream) : IDisposable
{
    private readonly IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] id = Encoding.UTF8.GetBytes(stream.Value);

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
        Span<byte> fixedWidth = stackalloc byte[ChainHash.Bytes];
        previous.CopyTo(fixedWidth);
        sha.AppendData(fixedWidth);

        Add(id);
        BinaryPrimitives.WriteInt64BigEndian(fixedWidth, revision);
        eventId.Value.TryWriteBytes(fixedWidth[8..], bigEndian: true, out _);
        sha.AppendData(fixedWidth[..24]);

        Add(type);
        Add(contentType);
        Add(data);
        Add(covered);

        Span<byte> hash = stackalloc byte[ChainHash.Bytes];
        sha.GetHashAndReset(hash);
        return new ChainHash(hash);
    }

    public void Dispose() => sha.Dispose();

    private void Add(string name)
    {
        Span<byte> utf8 = stackalloc byte[128];
        if (Encoding.UTF8.TryGetBytes(name, utf8, out var written)) Add(utf8[..written]);
        else Add(Encoding.UTF8.GetBytes(name));
    }

    private void Add(ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        sha.AppendData(length);
        sha.AppendData(part);
    }
}
