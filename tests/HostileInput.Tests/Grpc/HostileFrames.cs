using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>A connection's worth of HTTP/2: right frames, frames out of place, floods of small ones, and bytes that are
/// none.</summary>
internal sealed record HostileFrames(IReadOnlyList<byte[]> Frames)
{
    private const int FloodLength = 2_000;

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>The headers of a call, without a table: names and values as they are.</summary>
    private static readonly byte[] Headers =
    [
        .. Literal(":method", "POST"), .. Literal(":scheme", "http"), .. Literal(":path", "/event_store.client.gossip.Gossip/Read"), .. Literal(":authority", "127.0.0.1"),
        .. Literal("content-type", "application/grpc"), .. Literal("te", "trailers"), .. Literal("grpc-timeout", "50m"),
    ];

    private static readonly Gen<byte[]> Payloads = Gen.OneOf(
        Gen.Constant(Headers), Gen.Constant<byte[]>([0, 0, 0, 0, 0]), Gen.Constant<byte[]>([0, 0, 0, 0]), Gen.Constant<byte[]>([]), Gen.Constant<byte[]>([0x7F, 0xFF, 0xFF, 0xFF]), Gen.Constant(new byte[16_384]), Gen.Constant(new byte[16_385]),
        Gen.Constant<byte[]>([.. Literal(":method", "GET"), .. Literal(":method", "POST")]), Gen.Constant<byte[]>([.. Headers, .. Literal("x", new string('h', 12_000))]), Gen.Constant<byte[]>([0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]), Gen.Constant<byte[]>([0x80]), Gen.Constant<byte[]>([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        Gen.Choose(0, 255).Select(b => (byte)b).ListOf().Select(bytes => bytes.ToArray()));

    private static readonly Gen<int> Streams = Gen.Elements(0, 1, 1, 1, 2, 3, 5, int.MaxValue);

    private static readonly Gen<byte[]> One =
        from type in Gen.Frequency((8, Gen.Choose(0, 9)), (1, Gen.Choose(10, 255)))
        from flags in Gen.Elements(0, 1, 4, 5, 8, 0x20, 0x2D, 0xFF)
        from stream in Streams
        from payload in Payloads
        select Frame(type, flags, stream, payload);

    private static readonly Gen<byte[]> Floods = Gen.Elements(
        Many(_ => Frame(6, 0, 0, new byte[8])),                                  // pings
        Many(_ => Frame(4, 0, 0, [])),                                           // settings
        Many(i => [.. Frame(1, 5, (2 * i) + 1, Headers), .. Frame(3, 0, (2 * i) + 1, [0, 0, 0, 8])]),      // calls, each reset at once
        [.. Frame(1, 0, 1, Headers), .. Many(_ => Frame(9, 0, 1, [])), .. Frame(9, 4, 1, [])],           // headers without end
        [.. Frame(1, 4, 1, Headers), .. Many(_ => Frame(0, 0, 1, []))],           // data of nothing
        Many(i => Frame(2, 0, (2 * i) + 1, [0, 0, 0, 0, 1])),                    // priorities
        Many(_ => Frame(8, 0, 0, [0, 0, 0, 1])),                                 // windows
        Many(i => Frame(1, 4, (2 * i) + 1, Headers)));                           // calls that go no further

    public static Gen<HostileFrames> All { get; } =
        from preface in Gen.Frequency((9, Gen.Constant<byte[]>([.. Preface, .. Frame(4, 0, 0, [])])), (1, Gen.Elements(Preface, [], Preface[..12], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Preface)))
        from frames in Gen.Frequency((8, One), (1, Floods), (1, Gen.Choose(0, 255).Select(b => (byte)b).ListOf().Select(bytes => bytes.ToArray()))).ListOf()
        select new HostileFrames([preface, .. frames.Take(20)]);

    public byte[] Bytes => [.. Frames.SelectMany(frame => frame)];

    public IEnumerable<HostileFrames> Smaller()
    {
        for (var i = 1; i < Frames.Count; i++) yield return new HostileFrames([.. Frames.Where((_, at) => at != i)]);
    }

    public override string ToString() => string.Join('\n', Frames.Select(frame => Convert.ToHexString(frame.AsSpan(0, Math.Min(frame.Length, 200)))));

    private static byte[] Many(Func<int, byte[]> frame) => [.. Enumerable.Range(0, FloodLength).SelectMany(frame)];

    private static byte[] Frame(int type, int flags, int stream, byte[] payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, (byte)type, (byte)flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    private static byte[] Literal(string name, string value) => [0, .. Length(name), .. Encoding.ASCII.GetBytes(name), .. Length(value), .. Encoding.ASCII.GetBytes(value)];

    /// <summary>As HPACK writes a number behind a bit.</summary>
    private static byte[] Length(string text)
    {
        if (text.Length < 127) return [(byte)text.Length];
        var bytes = new List<byte> { 127 };
        var rest = text.Length - 127;
        for (; rest >= 128; rest >>= 7) bytes.Add((byte)(0x80 | (rest & 0x7F)));
        return [.. bytes, (byte)rest];
    }
}
