using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Tells a connection of a continued upload what becomes durable, and the ending, as a driver's events do. It reads
/// that in the log: what earlier connections brought counts too.
/// </summary>
internal sealed class SavedProgress(HttpContext http, StreamId stream, StreamEngine engine)
{
    /// <param name="taking">The connection's body is being read; false: the upload goes on elsewhere, and this answer
    /// is cut.</param>
    public async Task SendAsync(Task<bool> taking)
    {
        Sse.Answer(http.Response, stream);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var stopping = StopUnlessTakenAsync(taking, over);
        try
        {
            await http.Response.Body.FlushAsync(over.Token);
            await FollowAsync(over.Token);
            await stopping;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            await http.CutAsync();
        }
    }

    private static async Task StopUnlessTakenAsync(Task<bool> taking, CancellationTokenSource over)
    {
        try
        {
            if (await taking) return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The connection is gone; the next one goes on.
        }

        await over.CancelAsync();
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var end = await engine.Log.ReadEndAsync(stream, ct);
        if (end is not null && Write(end.Decisive)) await http.Response.BodyWriter.FlushAsync(ct);
        if (end?.Decisive is { Event.IsEnding: true } or { Event: StreamDeleted }) return;
        await foreach (var recorded in engine.Log.FollowAsync(stream, end?.Last.Revision ?? Revision.None, ct))
        {
            if (Write(recorded)) await http.Response.BodyWriter.FlushAsync(ct);
            if (recorded.Event.IsEnding || recorded.Event is StreamDeleted) return;
        }
    }

    private bool Write(RecordedEvent recorded)
    {
        if (recorded.Event is StreamNote) return false;
        DriverItem? item = (StreamState.After(recorded), recorded.Event) switch
        {
            (StreamState.Streaming s, ChunkPersisted) => new(null, new DriverSaved(recorded.Revision, s.Length), null),
            (StreamState.Ended s, _) => new(null, null, new DriverEnd(s.Status, recorded.Revision, s.Length, StreamFailure.Of(recorded.Event))),
            (StreamState.Deleted s, _) => new(null, null, new DriverEnd(StreamStatus.Deleted, recorded.Revision, s.Length, null)),
            _ => null,
        };
        if (item is { } one) Frames.Write(http.Response.BodyWriter, one);
        return item is not null;
    }
}
