using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>A call as bytes.</summary>
internal sealed record HostileCall(string Path, IReadOnlyList<byte[]> Frames, IReadOnlyList<(string Name, string Value)> Headers, string Said)
{
    private static readonly Gen<string> Timeouts = Gen.Frequency(
        (12, Gen.Elements("50m", "200m")), (1, Gen.Elements("0n", "1n", "-1S", "x", "", "99999999H", "100000000S", "1", "S")));

    private static readonly Gen<List<(string Name, string Value)>> SomeHeaders = Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(2))).SelectMany(count => Gen.Elements(
        ("grpc-encoding", "gzip"), ("grpc-encoding", "x"), ("grpc-encoding", "identity"), ("grpc-accept-encoding", "x,,"), ("requires-leader", "true"), ("requires-leader", "x"), ("connection-name", new string('n', 10_000)),
        ("x-bin", "%%%"), ("x-bin", "AA"), ("authorization", "Basic %"), ("authorization", "Basic"), ("authorization", "Bearer x"), ("content-type", "application/grpc+proto"), ("content-type", "application/grpc+json"), ("content-type", "application/grpc-web"), ("content-type", "text/html"), ("content-type", "x"),
        ("te", "x"), ("user-agent", ""), ("traceparent", "00-x"), ("grpc-trace-bin", "AAAA"), ("grpc-tags-bin", "="), ("host", "evil.example"), ("origin", "https://evil.example")).ListOf(count));

    /// <summary>Messages of the method, right and wrong ones, and then what is none.</summary>
    public static Gen<HostileCall> Of(MethodDescriptor method) =>
        from messages in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Constant(1)), (method.IsClientStreaming ? 9 : 1, Gen.Constant(2)), (method.IsClientStreaming ? 3 : 0, Gen.Constant(5)))
            .SelectMany(count => HostileMessages.Of(method.InputType, count))
        from broken in Gen.Frequency((6, Gen.Constant<byte[]>([])), (1, Broken(messages)))
        from timeout in Timeouts
        from headers in SomeHeaders
        select new HostileCall(
            method.Path(), [.. messages.Select(message => Framed(message.ToByteArray(), 0)), broken], [.. headers, ("grpc-timeout", timeout)],
            string.Join('\n', messages.Select(message => Short(message.ToString()!))));

    public IEnumerable<HostileCall> Smaller()
    {
        for (var i = 0; i < Frames.Count; i++) yield return this with { Frames = [.. Frames.Where((_, at) => at != i)] };
        for (var i = 0; i < Headers.Count - 1; i++) yield return this with { Headers = [.. Headers.Where((_, at) => at != i)] };
    }

    public override string ToString() =>
        $"{Path} {string.Join(", ", Headers.Select(header => $"{header.Name}: {Short(header.Value)}"))}\n{string.Join('\n', Frames.Select(frame => Short(Convert.ToHexString(frame))))}\nof\n{Said}";

    /// <summary>Behind the others: flags that mean nothing, lengths that are not so, bytes that are no
    /// message.</summary>
    private static Gen<byte[]> Broken(List<IMessage> messages) =>
        from message in messages.Count > 0 ? Gen.Elements<IMessage>(messages).Select(each => each.ToByteArray()) : Gen.Constant("ab"u8.ToArray())
        from broken in Gen.OneOf(
            Gen.Elements(0, 1, 2, 255).Select(flag => Framed(message, (byte)flag)),
            Gen.Elements(-1, int.MaxValue, 5_000_000, message.Length + 1, Math.Max(0, message.Length - 1)).Select(length => Framed(message, 0, length)),
            Gen.Choose(0, 5 + message.Length).Select(length => Framed(message, 0)[..length]),
            Gen.Choose(0, 255).Select(b => (byte)b).NonEmptyListOf().Select(bytes => Framed([.. bytes], 0)),
            Gen.Choose(0, 255).Select(b => (byte)b).NonEmptyListOf().Select(bytes => bytes.ToArray()),
            Gen.Constant(Framed(new byte[4_300_000], 0)),
            Gen.Constant(Framed([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], 0)),
            Gen.Constant(Framed(Enumerable.Repeat((byte)0x0B, 100_000).ToArray(), 0)))
        select broken;

    private static byte[] Framed(byte[] message, byte flag, int? length = null)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length ?? message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static string Short(string text) => text.Length <= 400 ? text : $"{text[..400]}… ({text.Length})";
}
