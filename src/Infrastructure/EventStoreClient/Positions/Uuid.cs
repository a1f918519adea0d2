using System.Buffers.Binary;
using EventSourcedStreams.EventStoreProtocol;

namespace EventStore.Client;

/// <summary>An id of 128 bits.</summary>
public readonly record struct Uuid
{
    private readonly Guid value;

    private Uuid(Guid value) => this.value = value;

    public static Uuid FromGuid(Guid value) => new(value);

    public Guid ToGuid() => value;

    public override string ToString() => value.ToString();

    internal static Uuid FromWire(UUID wire)
    {
        switch (wire.ValueCase)
        {
            case UUID.ValueOneofCase.String:
                return new(Guid.Parse(wire.String));
            case UUID.ValueOneofCase.Structured:
                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteInt64BigEndian(bytes, wire.Structured.MostSignificantBits);
                BinaryPrimitives.WriteInt64BigEndian(bytes[8..], wire.Structured.LeastSignificantBits);
                return new(new Guid(bytes, bigEndian: true));
            default:
                throw new ArgumentException("The server sent an id without a value.", nameof(wire));
        }
    }

    /// <summary>As two numbers, in the order in which its text reads.</summary>
    internal UUID ToWire()
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return new UUID
        {
            Structured = new UUID.Types.Structured
            {
                MostSignificantBits = BinaryPrimitives.ReadInt64BigEndian(bytes),
                LeastSignificantBits = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            },
        };
    }
}
