using EventSourcedStreams.EventStoreProtocol.Streams;
using Content = EventSourcedStreams.EventStoreProtocol.Streams.ReadResp.ContentOneofCase;
using Recorded = EventSourcedStreams.EventStoreProtocol.Streams.ReadResp.Types.ReadEvent.Types.RecordedEvent;

namespace EventStore.Client;

/// <summary>What a server sends to a reader, as the reader sees it.</summary>
internal static class ReadResponses
{
    public static StreamMessage Message(ReadResp response) => response.ContentCase switch
    {
        Content.Event => new StreamMessage.Event(Event(response.Event)),
        Content.Confirmation => new StreamMessage.SubscriptionConfirmation(response.Confirmation.SubscriptionId),
        Content.Checkpoint => new StreamMessage.AllStreamCheckpointReached(
            new Position(response.Checkpoint.CommitPosition, response.Checkpoint.PreparePosition)),
        Content.StreamNotFound => StreamMessage.NotFound.Instance,
        Content.FirstStreamPosition => new StreamMessage.FirstStreamPosition(new StreamPosition(response.FirstStreamPosition)),
        Content.LastStreamPosition => new StreamMessage.LastStreamPosition(new StreamPosition(response.LastStreamPosition)),
        Content.LastAllStreamPosition => new StreamMessage.LastAllStreamPosition(
            new Position(response.LastAllStreamPosition.CommitPosition, response.LastAllStreamPosition.PreparePosition)),
        Content.CaughtUp => StreamMessage.CaughtUp.Instance,
        _ => StreamMessage.Unknown.Instance,
    };

    // A link whose event is gone comes without the event.
    private static ResolvedEvent Event(ReadResp.Types.ReadEvent read) => new(
        read.Event is { } recorded ? Record(recorded) : null!,
        read.Link is { } link ? Record(link) : null,
        read.HasCommitPosition ? read.CommitPosition : null);

    private static EventRecord Record(Recorded recorded) => new(
        recorded.StreamIdentifier.StreamName.ToStringUtf8(),
        Uuid.FromWire(recorded.Id),
        new StreamPosition(recorded.StreamRevision),
        new Position(recorded.CommitPosition, recorded.PreparePosition),
        recorded.Metadata,
        recorded.Data.Memory,
        recorded.CustomMetadata.Memory);
}
