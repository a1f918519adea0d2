using System.Globalization;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventStore.Client.Tests.Stub;
using Google.Protobuf;
using Empty = EventSourcedStreams.EventStoreProtocol.Empty;

namespace EventStore.Client.Tests.Faults;

/// <summary>A server whose answers tell what was asked: an append to <c>s-17</c> is answered by revision 17.</summary>
internal static class EchoServer
{
    public const int Events = 20;

    public static StubServer WithEcho(this StubServer server) => server
        .On(StubServer.Streams + "BatchAppend", BatchAppendAsync)
        .On(StubServer.Streams + "Append", AppendAsync)
        .On(StubServer.Streams + "Read", ReadAsync);

    public static string Stream(int number) => $"s-{number}";

    public static EventData[] OneEvent { get; } = [new EventData(Uuid.FromGuid(Guid.Parse("00000000-0000-0001-0000-000000000002")), "spoke", "{}"u8.ToArray())];

    public static BatchAppendResp Answer(BatchAppendReq request) => new()
    {
        CorrelationId = request.CorrelationId,
        StreamIdentifier = request.Options.StreamIdentifier,
        Success = new BatchAppendResp.Types.Success
        {
            CurrentRevision = Number(request.Options.StreamIdentifier.StreamName),
            Position = new() { CommitPosition = 9, PreparePosition = 9 },
        },
    };

    /// <summary>The event of a stream whose data is its number.</summary>
    public static ReadResp Event(ByteString stream, int number, int bytes = 0) => new()
    {
        Event = new ReadResp.Types.ReadEvent
        {
            NoPosition = new Empty(),
            Event = new()
            {
                Id = new() { Structured = new() { LeastSignificantBits = number } },
                StreamIdentifier = new() { StreamName = stream },
                StreamRevision = (ulong)number,
                CommitPosition = (ulong)number,
                PreparePosition = (ulong)number,
                Metadata = { { "type", "spoke" }, { "content-type", "application/json" }, { "created", "17952246760601045" } },
                Data = bytes == 0 ? ByteString.CopyFromUtf8($"{number}") : ByteString.CopyFrom(new byte[bytes]),
            },
        },
    };

    private static async Task BatchAppendAsync(StubCall call)
    {
        while (await call.ReadAsync(BatchAppendReq.Parser) is { } request) await call.WriteAsync(Answer(request));
        call.End(0);
    }

    private static async Task AppendAsync(StubCall call)
    {
        await call.ReadToEndAsync();
        var options = AppendReq.Parser.ParseFrom(call.Requests[0]).Options;
        await call.WriteAsync(new AppendResp
        {
            Success = new AppendResp.Types.Success { CurrentRevision = Number(options.StreamIdentifier.StreamName), NoPosition = new Empty() },
        });
        call.End(0);
    }

    private static async Task ReadAsync(StubCall call)
    {
        await call.ReadToEndAsync();
        var options = ReadReq.Parser.ParseFrom(call.Requests[0]).Options;
        var subscription = options.CountOptionCase == ReadReq.Types.Options.CountOptionOneofCase.Subscription;
        if (subscription) await call.WriteAsync(new ReadResp { Confirmation = new() { SubscriptionId = "one" } });
        for (var number = 0; number < Events; number++)
            await call.WriteAsync(Event(options.Stream.StreamIdentifier.StreamName, number));
        if (subscription) await call.UntilResetAsync();
        else call.End(0);
    }

    private static ulong Number(ByteString stream) => ulong.Parse(stream.ToStringUtf8().AsSpan(2), CultureInfo.InvariantCulture);
}
