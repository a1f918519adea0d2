namespace EventSourcedStreams.Sqlite;

/// <remarks>
/// An append that comes alone is written on its caller's thread, which is lent the writer's turn: two changes of thread
/// take as long as a commit on a quick disk. Whatever else there is to do, and every wait, is left to the writer's own
/// thread.
/// </remarks>
internal sealed partial class StoreWriter
{
    /// <summary>Does a request here and now.</summary>
    /// <returns>False: it is not done, or its commit failed; it has to be queued, and is known again where it is there
    /// after all.</returns>
    public bool TryWriteHere(WriteRequest request)
    {
        if (!MayBlock() || !queue.TryBorrow()) return false;
        var isDone = false;
        try
        {
            isDone = IsQuick && Write([request], isLent: true);
        }
        finally
        {
            queue.Return(rouse: isDone && (upkeep.HasCleanups || upkeep.IsMergeDue));
        }

        return isDone;
    }

    /// <summary>Several writers at once gain more by a commit for all of them.</summary>
    private bool IsQuick =>
        pace.IsQuick && connection.IsOpen && commit.CanWrite && !upkeep.HasCleanups && !upkeep.IsMergeDue && !gate.IsPausing;

    /// <summary>Of the pool, which has another thread for what comes next, and with nothing else that waits for this
    /// one.</summary>
    private static bool MayBlock() =>
        Thread.CurrentThread.IsThreadPoolThread
        && SynchronizationContext.Current is null
        && !Answers.AreWaiting;
}
