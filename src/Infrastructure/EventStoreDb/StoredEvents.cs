using EventSourcedStreams.Domain;
using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>Between the client's values and ours. No bytes are copied.</summary>
internal static class StoredEvents
{
    public static StoredEvent ToStored(this ResolvedEvent resolved)
    {
        var e = resolved.Event;
        return new StoredEvent(
            e.EventStreamId,
            e.EventNumber.ToInt64(),
            e.Position.ToLog(),
            new DateTimeOffset(DateTime.SpecifyKind(e.Created, DateTimeKind.Utc)),
            new Domain.EventId(e.EventId.ToGuid()),
            e.EventType,
            e.ContentType,
            e.Data,
            e.Metadata);
    }

    public static EventData ToData(this NewEvent e) =>
        new(Uuid.FromGuid(e.Id.Value), e.Type, e.Data, e.Metadata, e.ContentType);

    public static LogPosition ToLog(this Position position) => new(position.CommitPosition, position.PreparePosition);

    public static Position ToStore(this LogPosition position) => new(position.Commit, position.Prepare);
}
