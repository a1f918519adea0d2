using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Deletes softly: a later append makes the stream anew, behind its old numbers.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream's last event has another number.</exception>
    /// <exception cref="StreamDeletedException">The stream has a tombstone.</exception>
    public Task<DeleteResult> DeleteAsync(
        string streamName,
        StreamRevision expectedRevision,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        DeleteAsync(streamName, (Expectation)expectedRevision, deadline, userCredentials, cancellationToken);

    /// <summary>Deletes softly: a later append makes the stream anew, behind its old numbers.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream is in another state.</exception>
    /// <exception cref="StreamDeletedException">The stream has a tombstone.</exception>
    public Task<DeleteResult> DeleteAsync(
        string streamName,
        StreamState expectedState,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        DeleteAsync(streamName, (Expectation)expectedState, deadline, userCredentials, cancellationToken);

    private async Task<DeleteResult> DeleteAsync(
        string stream, Expectation expected, TimeSpan? deadline, UserCredentials? credentials, CancellationToken ct)
    {
        var options = new DeleteReq.Types.Options { StreamIdentifier = AppendRequests.Name(stream) };
        expected.Say(
            revision => options.Revision = revision,
            () => options.NoStream = new Empty(),
            () => options.Any = new Empty(),
            () => options.StreamExists = new Empty());
        var response = await CallAsync(EventStoreMethods.Delete, [new DeleteReq { Options = options }], deadline, credentials, ct)
            .ConfigureAwait(false);
        return new DeleteResult(response.Position is { } at ? new Position(at.CommitPosition, at.PreparePosition) : default);
    }
}
