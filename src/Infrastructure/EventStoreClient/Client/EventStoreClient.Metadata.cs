using EventSourcedStreams.EventStoreProtocol;

namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <returns>Without metadata where none was ever set.</returns>
    public async Task<StreamMetadataResult> GetStreamMetadataAsync(
        string streamName,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default)
    {
        var last = ReadStreamAsync(
            Direction.Backwards, "$$" + streamName, StreamPosition.End, 1, false, deadline, userCredentials, cancellationToken);
        await foreach (var message in last.Messages.ConfigureAwait(false))
        {
            if (message is StreamMessage.Event(var read))
                return StreamMetadataResult.Create(streamName, read.OriginalEventNumber, StreamMetadataJson.Read(read.Event.Data));
        }

        return StreamMetadataResult.None(streamName);
    }

    /// <param name="expectedState">Of the metadata's own stream.</param>
    public Task<IWriteResult> SetStreamMetadataAsync(
        string streamName,
        StreamState expectedState,
        StreamMetadata metadata,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        SetStreamMetadataAsync(streamName, (Expectation)expectedState, metadata, configureOperationOptions, deadline, userCredentials, cancellationToken);

    /// <param name="expectedRevision">Of the metadata's own stream.</param>
    public Task<IWriteResult> SetStreamMetadataAsync(
        string streamName,
        StreamRevision expectedRevision,
        StreamMetadata metadata,
        Action<EventStoreClientOperationOptions>? configureOperationOptions = null,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) =>
        SetStreamMetadataAsync(streamName, (Expectation)expectedRevision, metadata, configureOperationOptions, deadline, userCredentials, cancellationToken);

    private async Task<IWriteResult> SetStreamMetadataAsync(
        string stream,
        Expectation expected,
        StreamMetadata metadata,
        Action<EventStoreClientOperationOptions>? configure,
        TimeSpan? deadline,
        UserCredentials? credentials,
        CancellationToken ct)
    {
        var options = settings.OperationOptions.Clone();
        configure?.Invoke(options);
        var change = new EventData(Uuid.NewUuid(), "$metadata", StreamMetadataJson.Write(metadata));
        var name = "$$" + stream;
        var response = await CallAsync(
            EventStoreMethods.Append, AppendRequests.Single(name, expected, [change]), deadline, credentials, ct).ConfigureAwait(false);
        return WriteResults.Of(response, name).Checked(options);
    }
}
