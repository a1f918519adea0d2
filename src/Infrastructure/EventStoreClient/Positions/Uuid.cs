using System.Buffers.Binary;
using EventSourcedStreams.EventStoreProtocol;

namespace EventStore.Client;

/// <summary>An id of 128 bits, in the order in which its text reads.</summary>
public readonly record struct Uuid
{
    public static readonly Uuid Empty;

    private readonly long mostSignificant;
    private readonly long leastSignificant;

    private Uuid(long mostSignificant, long leastSignificant) =>
        (this.mostSignificant, this.leastSignificant) = (mostSignificant, leastSignificant);

    public static Uuid NewUuid() => FromGuid(Guid.NewGuid());

    public static Uuid FromGuid(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return new Uuid(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    /// <exception cref="FormatException">It is no UUID.</exception>
    public static Uuid Parse(string value) => FromGuid(Guid.Parse(value));

    public static Uuid FromInt64(long msb, long lsb) => new(msb, lsb);

    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, mostSignificant);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], leastSignificant);
        return new Guid(bytes, bigEndian: true);
    }

    public override string ToString() => ToGuid().ToString();

    public string ToString(string format) => ToGuid().ToString(format);

    internal static Uuid FromWire(UUID wire) => wire.ValueCase switch
    {
        UUID.ValueOneofCase.Structured => new Uuid(wire.Structured.MostSignificantBits, wire.Structured.LeastSignificantBits),
        UUID.ValueOneofCase.String => Parse(wire.String),
        _ => throw new ArgumentException("The server sent an id without a value.", nameof(wire)),
    };

    internal UUID ToWire() => new()
    {
        Structured = new UUID.Types.Structured { MostSignificantBits = mostSignificant, LeastSignificantBits = leastSignificant },
    };
}
