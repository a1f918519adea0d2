using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>The writer's work between two commits, in transactions of their own that no request waits for: what
/// tombstones have left is removed, and the index merged.</summary>
internal sealed class WriterUpkeep(WriterConnection connection, CommitGate gate, LogFiles files, Checkpointer checkpointer, ILogger logger)
{
    private readonly IndexMerge indexMerge = new();
    private bool hasWaitingCleanups;

    public bool HasCleanups { get; private set; } = true;

    public bool IsMergeDue => indexMerge.IsDue;

    /// <summary>After a commit that has written something.</summary>
    public void Committed(WriteConnection open)
    {
        indexMerge.Indexed(open.Written);
        HasCleanups |= hasWaitingCleanups || open.HasNewCleanups;
        hasWaitingCleanups = false;
    }

    public void MergeIndex() => TryRun(indexMerge.Run, SqliteEventStoreMessages.IndexMergeFailed);

    /// <summary>One step of it.</summary>
    public void CleanUp()
    {
        var isDone = TryRun(open =>
        {
            HasCleanups = open.Cleanup.Step();
            return 1;
        }, SqliteEventStoreMessages.CleanupFailed);

        // Another connection's lock: the next commit finds out when it has gone. Any other failure: no busy loop, the
        // next tombstone, or the next start, goes on with it.
        if (!isDone) HasCleanups = false;
    }

    /// <param name="work">Gives the pages that it wrote.</param>
    private bool TryRun(Func<WriteConnection, int> work, Action<ILogger, string> logFailure)
    {
        gate.EnterCommit();
        try
        {
            files.RequireWhole();
            checkpointer.AddPages(work(connection.Connected()));
            files.MayHaveShrunk();
            return true;
        }
        catch (DatabaseException e) when (e.IsBusy)
        {
            hasWaitingCleanups |= HasCleanups;
            return false;
        }
#pragma warning disable CA1031 // The writer outlives whatever this died of.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logFailure(logger, e.Message);
            connection.Discard();
            return false;
        }
        finally
        {
            gate.LeaveCommit();
        }
    }
}
