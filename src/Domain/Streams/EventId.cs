using System.Buffers.Binary;

namespace EventSourcedStreams.Domain;

/// <summary>An event's id, by which a log knows a repeated append: 16 bytes, in RFC 4122 order where they are written
/// out.</summary>
internal readonly record struct EventId(Guid Value)
{
    public override string ToString() => Value.ToString("D");
}

/// <summary>
/// 128 bits, drawn once for one sequence of bytes: retries of the same append keep it, an append with other bytes draws
/// a new one. The id of the event at index i is these bits with i added to the last four bytes, modulo 2^32.
/// </summary>
internal readonly record struct AppendId(Guid Value)
{
    public EventId EventAt(int index)
    {
        Span<byte> bytes = stackalloc byte[16];
        Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var last = bytes[12..];
        BinaryPrimitives.WriteUInt32BigEndian(last, unchecked(BinaryPrimitives.ReadUInt32BigEndian(last) + (uint)index));
        return new EventId(new Guid(bytes, bigEndian: true));
    }
}
