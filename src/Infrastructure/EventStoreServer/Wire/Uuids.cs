using System.Buffers.Binary;
using EventSourcedStreams.EventStoreProtocol;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Ids in either of the two shapes that a client may ask for.</summary>
internal static class Uuids
{
    public static Guid? Read(UUID? uuid) => uuid?.ValueCase switch
    {
        UUID.ValueOneofCase.String => Guid.TryParse(uuid.String, out var id) ? id : null,
        UUID.ValueOneofCase.Structured => Read(uuid.Structured),
        _ => null,
    };

    public static UUID Write(Guid id, bool structured)
    {
        if (!structured) return new UUID { String = id.ToString("D") };
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new UUID
        {
            Structured = new UUID.Types.Structured
            {
                MostSignificantBits = BinaryPrimitives.ReadInt64BigEndian(bytes),
                LeastSignificantBits = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            },
        };
    }

    private static Guid Read(UUID.Types.Structured structured)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, structured.MostSignificantBits);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], structured.LeastSignificantBits);
        return new Guid(bytes, bigEndian: true);
    }
}
