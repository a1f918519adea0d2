using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Deletes for ever: the name can never be used again.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream ends at another revision.</exception>
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
        string streamName, Expectation expected, TimeSpan? deadline, UserCredentials? userCredentials, CancellationToken cancellationToken)
    {
        var options = new TombstoneReq.Types.Options { StreamIdentifier = AppendRequests.Name(streamName) };
        expected.WriteTo(
            revision => options.Revision = revision,
            () => options.NoStream = new Empty(),
            () => options.Any = new Empty(),
            () => options.StreamExists = new Empty());
        var limit = new Deadline(deadline ?? settings.DefaultDeadline);
        var node = await ConnectAsync(limit, cancellationToken).ConfigureAwait(false);
        var response = await CallAsync(
            node,
            (streams, call) => streams.TombstoneAsync(new TombstoneReq { Options = options }, call).ResponseAsync,
            limit,
            userCredentials,
            cancellationToken).ConfigureAwait(false);
        return new DeleteResult(response.Position is { } at ? new Position(at.CommitPosition, at.PreparePosition) : default);
    }
}
