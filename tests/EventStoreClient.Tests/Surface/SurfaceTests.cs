using EventSourcedStreams.EventStoreDb;

namespace EventStore.Client.Tests.Surface;

/// <summary>
/// The members of the package EventStore.Client.Grpc.Streams 23.3 that the adapter uses, written out as its public
/// reference has them: a build without the package cannot drift away from it.
/// </summary>
public sealed class SurfaceTests
{
    private const string Members = """
        AccessDeniedException
        ConnectionStringParseException
        DeleteResult
        DeleteResult.LogPosition: Position
        Direction
        DiscoveryException
        EventData
        EventData(Uuid, String, ReadOnlyMemory<Byte>, ReadOnlyMemory<Byte>?, String)
        EventRecord
        EventRecord.ContentType: String
        EventRecord.Created: DateTime
        EventRecord.Data: ReadOnlyMemory<Byte>
        EventRecord.EventId: Uuid
        EventRecord.EventNumber: StreamPosition
        EventRecord.EventStreamId: String
        EventRecord.EventType: String
        EventRecord.Metadata: ReadOnlyMemory<Byte>
        EventRecord.Position: Position
        EventStoreClient
        EventStoreClient(EventStoreClientSettings)
        EventStoreClient.AppendToStreamAsync(String, StreamRevision, IEnumerable<EventData>, Action<EventStoreClientOperationOptions>, TimeSpan?, UserCredentials, CancellationToken): Task<IWriteResult>
        EventStoreClient.AppendToStreamAsync(String, StreamState, IEnumerable<EventData>, Action<EventStoreClientOperationOptions>, TimeSpan?, UserCredentials, CancellationToken): Task<IWriteResult>
        EventStoreClient.DisposeAsync(): ValueTask
        EventStoreClient.ReadAllAsync(Direction, Position, IEventFilter, Int64, Boolean, TimeSpan?, UserCredentials, CancellationToken): EventStoreClient.ReadAllStreamResult
        EventStoreClient.ReadAllAsync(Direction, Position, Int64, Boolean, TimeSpan?, UserCredentials, CancellationToken): EventStoreClient.ReadAllStreamResult
        EventStoreClient.ReadAllStreamResult
        EventStoreClient.ReadAllStreamResult.get_Messages(): IAsyncEnumerable<StreamMessage>
        EventStoreClient.ReadStreamAsync(Direction, String, StreamPosition, Int64, Boolean, TimeSpan?, UserCredentials, CancellationToken): EventStoreClient.ReadStreamResult
        EventStoreClient.ReadStreamResult
        EventStoreClient.ReadStreamResult.get_Messages(): IAsyncEnumerable<StreamMessage>
        EventStoreClient.StreamSubscriptionResult
        EventStoreClient.StreamSubscriptionResult.DisposeAsync(): ValueTask
        EventStoreClient.StreamSubscriptionResult.get_Messages(): IAsyncEnumerable<StreamMessage>
        EventStoreClient.SubscribeToAll(FromAll, Boolean, SubscriptionFilterOptions, UserCredentials, CancellationToken): EventStoreClient.StreamSubscriptionResult
        EventStoreClient.SubscribeToStream(String, FromStream, Boolean, UserCredentials, CancellationToken): EventStoreClient.StreamSubscriptionResult
        EventStoreClient.TombstoneAsync(String, StreamRevision, TimeSpan?, UserCredentials, CancellationToken): Task<DeleteResult>
        EventStoreClient.TombstoneAsync(String, StreamState, TimeSpan?, UserCredentials, CancellationToken): Task<DeleteResult>
        EventStoreClientConnectivitySettings
        EventStoreClientConnectivitySettings.get_GossipTimeout(): TimeSpan
        EventStoreClientConnectivitySettings.get_NodePreference(): NodePreference
        EventStoreClientConnectivitySettings.set_GossipTimeout(TimeSpan): Void
        EventStoreClientConnectivitySettings.set_NodePreference(NodePreference): Void
        EventStoreClientOperationOptions
        EventStoreClientOperationOptions.set_ThrowOnAppendFailure(Boolean): Void
        EventStoreClientSettings
        EventStoreClientSettings.Create(String): EventStoreClientSettings
        EventStoreClientSettings.get_ConnectivitySettings(): EventStoreClientConnectivitySettings
        EventStoreClientSettings.get_OperationOptions(): EventStoreClientOperationOptions
        EventStoreClientSettings.set_DefaultCredentials(UserCredentials): Void
        EventStoreClientSettings.set_DefaultDeadline(TimeSpan?): Void
        EventTypeFilter
        EventTypeFilter.RegularExpression(String, UInt32): IEventFilter
        FromAll
        FromAll.After(Position): FromAll
        FromAll.Start: FromAll
        FromStream
        FromStream.After(StreamPosition): FromStream
        FromStream.Start: FromStream
        IEventFilter
        IWriteResult
        IWriteResult.get_LogPosition(): Position
        IWriteResult.get_NextExpectedStreamRevision(): StreamRevision
        MaximumAppendSizeExceededException
        MaximumAppendSizeExceededException.get_MaxAppendSize(): UInt32
        NodePreference
        NotAuthenticatedException
        NotLeaderException
        Position
        Position(UInt64, UInt64)
        Position.CommitPosition: UInt64
        Position.End: Position
        Position.PreparePosition: UInt64
        Position.op_Inequality(Position, Position): Boolean
        ResolvedEvent
        ResolvedEvent.Event: EventRecord
        StreamDeletedException
        StreamDeletedException.Stream: String
        StreamFilter
        StreamFilter.Prefix(UInt32, String[]): IEventFilter
        StreamMessage
        StreamMessage.AllStreamCheckpointReached
        StreamMessage.AllStreamCheckpointReached.Deconstruct(ref Position): Void
        StreamMessage.CaughtUp
        StreamMessage.Event
        StreamMessage.Event.Deconstruct(ref ResolvedEvent): Void
        StreamMessage.LastStreamPosition
        StreamMessage.LastStreamPosition.Deconstruct(ref StreamPosition): Void
        StreamMessage.NotFound
        StreamPosition
        StreamPosition(UInt64)
        StreamPosition.End: StreamPosition
        StreamPosition.FromInt64(Int64): StreamPosition
        StreamPosition.ToInt64(): Int64
        StreamRevision
        StreamRevision.FromInt64(Int64): StreamRevision
        StreamRevision.ToInt64(): Int64
        StreamState
        StreamState.Any: StreamState
        StreamState.NoStream: StreamState
        StreamState.StreamExists: StreamState
        StreamState.op_Equality(StreamState, StreamState): Boolean
        SubscriptionFilterOptions
        SubscriptionFilterOptions(IEventFilter, UInt32)
        UserCredentials
        UserCredentials(String, String)
        Uuid
        Uuid.FromGuid(Guid): Uuid
        Uuid.ToGuid(): Guid
        WrongExpectedVersionException
        WrongExpectedVersionException.get_ActualVersion(): Int64?
        WrongExpectedVersionResult
        WrongExpectedVersionResult.get_ActualStreamRevision(): StreamRevision
        """;

    private static string[] Pinned { get; } = Members.Split('\n');

    [Fact]
    public void The_adapter_uses_these_members_of_the_package_and_no_others() =>
        MemberNames.UsedBy(typeof(EventStoreDbOptions).Assembly).Should().Equal(Pinned);

    [Fact]
    public void The_stand_in_shows_nothing_that_the_adapter_does_not_use() =>
        MemberNames.OfClient().Except(Pinned).Should().BeEmpty();
}
