using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A stream that is known to have ended, without its text.</summary>
internal static class StoredEnding
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>What is near may lag behind the leader, which has the ending: an answer without it would not be true
    /// any more.</summary>
    public static async Task<StreamAnswer> FindAsync(StreamEngine engine, StreamId id, CancellationToken ct)
    {
        var began = engine.Time.GetTimestamp();
        while (true)
        {
            if (await engine.Summaries.FindAsync(id, ct) is { Summary: { } stream } && stream.Status.IsEnding()) return new(StreamView.Of(stream), stream);
            if (engine.Time.GetElapsedTime(began) > Limit) throw new LogUnavailableException("The ending cannot be read yet.");
            await Task.Delay(Pause, engine.Time, ct);
        }
    }
}
