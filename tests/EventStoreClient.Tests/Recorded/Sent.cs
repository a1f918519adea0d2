using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Options = EventSourcedStreams.EventStoreProtocol.Streams.ReadReq.Types.Options;

namespace EventStore.Client.Tests.Recorded;

/// <summary>Requests made alike where clients are free to differ: whether an id is text or two numbers, ids of calls,
/// deadlines.</summary>
internal static class Sent
{
    public static AppendReq Alike(this AppendReq request)
    {
        if (request.ProposedMessage is { } message) message.Id = Alike(message.Id);
        return request;
    }

    public static BatchAppendReq Alike(this BatchAppendReq request)
    {
        request.CorrelationId = null;
        request.Options?.ClearDeadlineOption();
        foreach (var message in request.ProposedMessages) message.Id = Alike(message.Id);
        return request;
    }

    public static ReadReq Alike(this ReadReq request)
    {
        request.Options.UuidOption = new Options.Types.UUIDOption { Structured = new Empty() };
        // A read includes the revision it starts from: 0 is the start.
        if (request.Options is { CountOptionCase: Options.CountOptionOneofCase.Count, Stream: { HasRevision: true, Revision: 0 } from })
            from.Start = new Empty();
        request.Options.ControlOption = new Options.Types.ControlOption { Compatibility = 1 };
        return request;
    }

    private static UUID Alike(UUID id) => new() { String = Uuid.FromWire(id).ToString() };
}
