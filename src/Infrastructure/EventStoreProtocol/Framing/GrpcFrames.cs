using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>Messages in a body: one byte (0: not compressed), the length in 4 bytes, big-endian, and the message.</summary>
internal static class GrpcFrames
{
    /// <summary>Bytes. More than any server of ours or EventStoreDB's default would send; a length beyond it is taken for damage.</summary>
    public const int MaxMessage = 64 * 1024 * 1024;

    /// <summary>Bytes. What a server takes, as EventStoreDB does: an append may be a fourth of it, and clients send no more at a time.</summary>
    public const int MaxRequest = 4 * 1024 * 1024;

    private const int HeaderLength = 5;

    /// <returns>The message's bytes.</returns>
    public static int Write(IBufferWriter<byte> output, IMessage message)
    {
        var length = message.CalculateSize();
        var header = output.GetSpan(HeaderLength);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
        output.Advance(HeaderLength);
        message.WriteTo(output);
        return length;
    }

    /// <inheritdoc cref="ReadAllAsync{T}(PipeReader, MessageParser{T}, int, CancellationToken)"/>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(PipeReader input, MessageParser<T> parser, CancellationToken ct)
        where T : class, IMessage<T> => ReadAllAsync(input, parser, MaxMessage, ct);

    /// <exception cref="GrpcException">A message is compressed, too long, cut off or no such message.</exception>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        PipeReader input, MessageParser<T> parser, int maxMessage, [EnumeratorCancellation] CancellationToken ct)
        where T : class, IMessage<T>
    {
        for (var ended = false; !ended;)
        {
            var read = await input.ReadAsync(ct).ConfigureAwait(false);
            var rest = read.Buffer;
            while (TryTake(ref rest, maxMessage, out var body))
                yield return Parse(parser, body);
            ended = read.IsCompleted;
            if (ended && rest.Length > 0) throw new GrpcException(Code.Internal, "The body ends in the middle of a message.");
            input.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> rest, int maxMessage, out ReadOnlySequence<byte> body)
    {
        body = default;
        if (rest.Length < HeaderLength) return false;
        Span<byte> header = stackalloc byte[HeaderLength];
        rest.Slice(0, HeaderLength).CopyTo(header);
        if (header[0] != 0) throw new GrpcException(Code.Unimplemented, "A compressed message came, and none was asked for.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > maxMessage) throw new GrpcException(Code.ResourceExhausted, $"A message of {length} bytes came; {maxMessage} is the most.");
        if (rest.Length < HeaderLength + length) return false;
        body = rest.Slice(HeaderLength, length);
        rest = rest.Slice(HeaderLength + length);
        return true;
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> body)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(Code.Internal, $"What came is no {typeof(T).Name}.", cause: e);
        }
    }
}
