namespace EventSourcedStreams.Sqlite;

/// <summary>The writer's connection, opened anew after a failure. All of it between
/// <see cref="CommitGate.EnterCommit"/> and <see cref="CommitGate.LeaveCommit"/>.</summary>
internal sealed class WriterConnection(
    WriteConnection first, string path, SqliteEventStoreOptions options, TimeProvider time, LogFiles files, Followers followers) : IDisposable
{
    private WriteConnection? connection = first;

    public bool IsOpen => connection is not null;

    /// <summary>Before a commit. A connection that is opened anew copies what stands in the write-ahead log.</summary>
    /// <exception cref="LogFileLostException">The log's files have been removed, replaced or cut.</exception>
    public void RequireFiles()
    {
        if (connection is null) files.RequireWhole();
        else files.RequireNoLoss();
    }

    public WriteConnection Connected()
    {
        if (connection is not null) return connection;
        connection = WriteConnection.Open(path, options, time, afterFailure: true);
        followers.Lose();
        return connection;
    }

    /// <summary>After a failure: nothing that the connection or its memory says can be relied on any more.</summary>
    public void Discard()
    {
        connection?.Dispose();
        connection = null;
    }

    public void Dispose() => connection?.Dispose();
}
