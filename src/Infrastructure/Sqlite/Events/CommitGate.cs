namespace EventSourcedStreams.Sqlite;

/// <summary>Between two commits another connection may have the database for a moment. Fair, unlike a lock: a writer
/// that commits without pause lets the other in.</summary>
internal sealed class CommitGate
{
    private readonly object gate = new();
    private bool isWriting;
    private int pausing;

    /// <summary>Another connection has the database, or waits for it: a commit would have to wait.</summary>
    public bool IsPausing => Volatile.Read(ref pausing) > 0;

    public void EnterCommit()
    {
        lock (gate)
        {
            while (pausing > 0) Monitor.Wait(gate);
            isWriting = true;
        }
    }

    public void LeaveCommit()
    {
        lock (gate)
        {
            isWriting = false;
            if (pausing > 0) Monitor.PulseAll(gate);
        }
    }

    public void BetweenCommits(Action act)
    {
        lock (gate)
        {
            pausing++;
            while (isWriting) Monitor.Wait(gate);
            try
            {
                act();
            }
            finally
            {
                pausing--;
                Monitor.PulseAll(gate);
            }
        }
    }
}
