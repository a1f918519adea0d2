using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Deletes for ever: the name can never be used again.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream's last event has another number.</exception>
    /// <exception cref="StreamDeletedException">The stream has a tombstone.</exception>
    public Task<DeleteResult> TombstoneAsync(
        string streamName,
        StreamRevision expectedRevision,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        TombstoneAsync(streamName, (Expectation)expectedRevision, deadline, userCredentials, cancellationToken);

    /// <summary>Deletes for ever: the name can never be used again.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream is in another state.</exception>
    /// <exception cref="StreamDeletedException">The stream has a tombstone.</exception>
    public Task<DeleteResult> TombstoneAsync(
        string streamName,
        StreamState expectedState,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        TombstoneAsync(streamName, (Expectation)expectedState, deadline, userCredentials, cancellationToken);

    private async Task<DeleteResult> TombstoneAsync(
        string stream, Expectation expected, TimeSpan? deadline, UserCredentials? credentials, CancellationToken ct)
    {
        var options = new TombstoneReq.Types.Options { StreamIdentifier = AppendRequests.Name(stream) };
        expected.Say(
            revision => options.Revision = revision,
            () => options.NoStream = new Empty(),
            () => options.Any = new Empty(),
            () => options.StreamExists = new Empty());
        var response = await CallAsync(EventStoreMethods.Tombstone, [new TombstoneReq { Options = options }], deadline, credentials, ct)
            .ConfigureAwait(false);
        return new DeleteResult(response.Position is { } at ? new Position(at.CommitPosition, at.PreparePosition) : default);
    }
}
