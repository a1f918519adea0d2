using System.Diagnostics;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// How fast commits follow each other. Writers that were just answered mostly append again at once. Without a moment's
/// patience they would fall into two halves that wait for each other's commits, and each commit would carry half of
/// them. Where commits do not follow each other it would be a spinning for nothing.
/// </summary>
internal sealed class CommitPace(WriteQueue queue, SqliteEventStoreOptions options)
{
    private long committedAt;
    private TimeSpan lastCommit;

    /// <summary>Writers that the last commit has answered.</summary>
    public int LastCount { get; private set; }

    /// <summary>One writer at a time, on a quick disk.</summary>
    public bool IsQuick => LastCount <= 1 && lastCommit < options.QuickCommit;

    /// <summary>A commit now follows the last one at once.</summary>
    public bool IsBusy => Stopwatch.GetElapsedTime(committedAt) < lastCommit;

    /// <param name="begun">A timestamp of <see cref="Stopwatch"/>.</param>
    public void Committed(long begun, int count)
    {
        LastCount = count;
        committedAt = Stopwatch.GetTimestamp();
        lastCommit = Stopwatch.GetElapsedTime(begun, committedAt);
    }

    /// <summary>Waits a moment for the first writer that comes back.</summary>
    public void AwaitReturning()
    {
        var patience = TimeSpan.FromTicks(Math.Min(lastCommit.Ticks / 4, TimeSpan.TicksPerMillisecond));
        while (queue.Count < 1 && Stopwatch.GetElapsedTime(committedAt) < patience) Thread.Yield();
    }

    /// <summary>What those that have come back want, up to the bounds.</summary>
    /// <param name="batch">What the open transaction does already.</param>
    /// <param name="returning">How many there are to be in all.</param>
    public List<WriteRequest> TakeReturning(List<WriteRequest> batch, int returning)
    {
        var more = new List<WriteRequest>();
        if (batch.Count >= returning) return more;
        AwaitReturning();
        queue.TakeMore(more, returning - batch.Count, options.MaxCommitBytes - batch.Sum(static request => (long)request.Bytes));
        Answers.AbandonLeft(more);
        return more;
    }
}
