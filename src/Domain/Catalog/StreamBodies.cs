namespace EventSourcedStreams.Domain;

/// <summary>
/// Streams with their whole text, folded on demand for the app's own code; what is sent to clients comes in pieces. The
/// newest folds are kept, by stream, within the node's budget; each query reads what is new from the leader, so it sees
/// every append that was acknowledged before it, on whichever node.
/// </summary>
internal sealed class StreamBodies(StreamLog log, TextMemory? memory = null)
{
    private readonly Lock gate = new();
    private readonly TextCache<StreamId, StreamBody> kept = new(memory ?? new TextMemory(), log.Time);

    /// <summary>Null for a stream that never was. Of one into which another program has written, all before
    /// that.</summary>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public async Task<StreamBody?> FindAsync(StreamId id, CancellationToken ct)
    {
        StreamBody? body;
        try
        {
            body = kept.TryGet(id, out var there) ? there : await ReadOnAsync(id, null, ReadFrom.Anywhere, ct);
            body = await ReadOnAsync(id, body, ReadFrom.Leader, ct);
        }
        catch (HeadNotFoundException)
        {
            kept.Remove(id); // another state of the log was restored
            body = await ReadOnAsync(id, null, ReadFrom.Leader, ct);
        }
        catch (StreamGoneException)
        {
            kept.Remove(id);
            throw;
        }

        if (body?.Summary.Status is StreamStatus.Deleted) throw new StreamGoneException(id);
        if (body is not null) Keep(body);
        return body;
    }

    /// <summary>The stream as it was at a revision; null for a stream that had not begun, or whose end lies before
    /// it.</summary>
    public Task<StreamBody?> FindAsync(StreamId id, Revision at, CancellationToken ct) =>
        FoldAsync(id, recorded => recorded.Revision <= at, body => body.Revision == at, ct);

    /// <summary>The stream as it was at a time: up to the last event written at or before it.</summary>
    public Task<StreamBody?> FindAsync(StreamId id, DateTimeOffset at, CancellationToken ct) =>
        FoldAsync(id, recorded => recorded.Event.At <= at, _ => true, ct);

    private async Task<StreamBody?> ReadOnAsync(StreamId id, StreamBody? body, ReadFrom from, CancellationToken ct)
    {
        try
        {
            await foreach (var recorded in log.ReadAsync(id, body?.Head ?? StreamHead.None, from, ct)) body = StreamBody.Apply(body, recorded);
            return body;
        }
        catch (LogDamagedException e) when (body is not null && ForeignEvent.Of(e) is { } foreign)
        {
            return body with { Summary = body.Summary with { Foreign = foreign } };
        }
    }

    private Task<StreamBody?> FoldAsync(StreamId id, Func<RecordedEvent, bool> belongs, Func<StreamBody, bool> isIt, CancellationToken ct) =>
        log.FoldAsync(id, StreamBody.Apply, belongs, isIt, static (body, _) => body, ct);

    private void Keep(StreamBody body)
    {
        lock (gate)
        {
            if (kept.TryGet(body.Summary.Id, out var before) && before.Revision >= body.Revision) return;
            kept.Set(body.Summary.Id, body, Size(body));
        }
    }

    /// <summary>A stream costs something even without text, and so does each of its pieces.</summary>
    private static long Size(StreamBody body) => 1024 + (2L * body.Text.Chars) + (32L * body.Summary.Chunks);
}
