namespace EventStore.Client;

public sealed partial class EventStoreClient
{
    /// <summary>Deletes softly: a later append makes the stream anew, behind its old numbers.</summary>
    public Task<DeleteResult> DeleteAsync(
        string streamName,
        StreamRevision expectedRevision,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<DeleteResult> DeleteAsync(
        string streamName,
        StreamState expectedState,
        TimeSpan? deadline = null,
        UserCredentials? userCredentials = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
