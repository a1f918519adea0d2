using System.Collections.Concurrent;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The continued uploads whose streams this node drives. None outlives its stream.</summary>
internal sealed class ContinuedUploads
{
    private readonly ConcurrentDictionary<StreamId, ContinuedUpload> running = new();

    public ContinuedUpload? Find(StreamId stream) => running.GetValueOrDefault(stream);

    /// <summary>False: another request has just begun it; go on with that one.</summary>
    public bool TryBegin(StreamId stream, ContinuedUpload upload) => running.TryAdd(stream, upload);

    /// <summary>Forgets an upload once its stream has its ending.</summary>
    public async Task EndAfterAsync(StreamId stream, ContinuedUpload upload, Task ended)
    {
        await ended;
        running.TryRemove(KeyValuePair.Create(stream, upload));
        await upload.CloseAsync();
    }
}
