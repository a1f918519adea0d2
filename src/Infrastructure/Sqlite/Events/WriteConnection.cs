using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using SQLitePCL;

namespace EventSourcedStreams.Sqlite;

/// <summary>The one connection that writes, and what is done on it within a transaction.</summary>
internal sealed class WriteConnection : IDisposable
{
    private readonly Database database;
    private readonly SqliteEventStoreOptions options;
    private readonly TimeProvider time;
    private readonly StreamHeads heads;
    private readonly ExpectedCheck check;
    private readonly EventInsert insert;
    private readonly StreamTrim trim;
    private readonly LastEvent lastEvent;
    private readonly List<Written> written = [];
    private readonly Statement begin, commit, addCleanup, settle, empty, logEnd;
    private long created;

    private WriteConnection(Database database, SqliteEventStoreOptions options, TimeProvider time)
    {
        this.database = database;
        this.options = options;
        this.time = time;
        heads = new StreamHeads(database, options.MaxKnownHeads);
        check = new ExpectedCheck(heads, new Repeats(database));
        insert = new EventInsert(database);
        trim = new StreamTrim(database);
        lastEvent = new LastEvent(database);
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        settle = database.Prepare("INSERT INTO settled SELECT stream, revision, position FROM recent ORDER BY stream, revision");
        empty = database.Prepare("DELETE FROM recent");
        addCleanup = database.Prepare("INSERT OR IGNORE INTO cleanups (stream) VALUES (?1)");
        logEnd = database.Prepare("SELECT seq FROM sqlite_sequence WHERE name = 'log'");
        Cleanup = new Cleanup(database);
    }

    public Cleanup Cleanup { get; }

    /// <summary>The transaction has left events to be removed.</summary>
    public bool HasNewCleanups { get; private set; }

    /// <summary>What the transaction has written, in the log's order.</summary>
    public IReadOnlyList<Written> Written => written;

    /// <param name="afterFailure">What a failed commit left in the write-ahead log may be read back although it was
    /// never synced. So it is brought into the database, with its syncs, before anything is answered from it.</param>
    public static WriteConnection Open(string path, SqliteEventStoreOptions options, TimeProvider time, bool afterFailure) =>
        Database.OpenExisting(path, TimeSpan.Zero).Into(database =>
        {
            database.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-16384; "
                + $"PRAGMA journal_size_limit={options.KeptWalBytes}; PRAGMA temp_store=MEMORY"));
            if (afterFailure && !database.Checkpoint(raw.SQLITE_CHECKPOINT_FULL, options.BusyTimeout, out _))
                throw new DatabaseException(raw.SQLITE_BUSY, "the write-ahead log is in use by another connection");
            return new WriteConnection(database, options, time);
        });

    /// <param name="mayWait">False: where another connection has a lock, it fails at once.</param>
    public void Begin(bool mayWait)
    {
        heads.Begin();
        written.Clear();
        HasNewCleanups = false;
        created = EventRow.CreatedOf(time.GetUtcNow());
        var asked = Stopwatch.GetTimestamp();
        while (!TryBegin(mayWait && Stopwatch.GetElapsedTime(asked) < options.BusyTimeout)) Thread.Sleep(1);
    }

    /// <returns>Pages that went into the write-ahead log.</returns>
    public int Commit()
    {
        heads.WriteChanged();
        commit.Run();
        options.Committed?.Invoke();
        return database.TakePagesWritten();
    }

    /// <summary>An append of nothing writes nothing, and says whether it could have been.</summary>
    public AppendOutcome Append(string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        var head = heads.Of(stream);
        if (check.Refusal(stream, head, expected, events) is { } refusal) return refusal;
        if (events.Count == 0) return new AppendOutcome.Appended(head.Revision, LogPosition.At(logEnd.Number() ?? 0));
        var first = head.Revision + 1;
        var position = Insert(stream, head, first, events);
        if (head.Limits is { IsDeleted: true }) PutMetadata(stream, StreamLimitsJson.WithoutEventsBefore(heads.Metadata(stream), first));
        if (head.Limits is { } limits) trim.Run(head, limits, created);
        if (stream.StartsWith(StreamLimitsJson.Prefix, StringComparison.Ordinal)) heads.ApplyLimits(head, stream[StreamLimitsJson.Prefix.Length..]);
        return new AppendOutcome.Appended(head.Revision, LogPosition.At(position));
    }

    /// <summary>A stream's last event.</summary>
    public StoredEvent? Last(string stream) => lastEvent.Read(heads.Of(stream), stream);

    /// <summary>The events are hidden until the stream's next one, which goes on with the revisions; they go from the
    /// disk only then.</summary>
    public AppendOutcome Delete(string stream, ExpectedRevision expected)
    {
        var head = heads.Of(stream);
        if (head.Revision < 0) return new AppendOutcome.Lost(-1);
        return check.Refusal(stream, head, expected, [])
            ?? PutMetadata(stream, StreamLimitsJson.WithoutEventsBefore(heads.Metadata(stream), long.MaxValue));
    }

    public AppendOutcome Tombstone(string stream, ExpectedRevision expected, EventId id, ReadOnlyMemory<byte> metadata)
    {
        var head = heads.Of(stream);
        if (check.Refusal(stream, head, expected, []) is { } refusal) return refusal;
        if (head.Revision >= 0)
        {
            addCleanup.Bind(1, head.Id).Run();
            HasNewCleanups = true;
        }

        var position = Insert(stream, head, StoredEvent.TombstoneRevision,
            [new NewEvent(id, StoredEvent.TombstoneType, "application/octet-stream", default, metadata)]);
        return new AppendOutcome.Appended(head.Revision, LogPosition.At(position));
    }

    public void SetLimits(string stream, StreamLimits limits)
    {
        if (StreamLimitsJson.With(heads.Metadata(stream), limits) is not { } metadata) return;
        PutMetadata(stream, metadata);
    }

    /// <summary>See <see cref="IndexMerge"/>.</summary>
    /// <returns>Pages that went into the write-ahead log.</returns>
    public int MergeIndex()
    {
        begin.Run();
        settle.Run();
        empty.Run();
        commit.Run();
        return database.TakePagesWritten();
    }

    /// <summary>Within a transaction of any length: what it has done so far is written, so that it need no longer be
    /// remembered.</summary>
    public void Spill()
    {
        heads.Spill();
        written.Clear();
        settle.Run();
        empty.Run();
    }

    public void Dispose() => database.Dispose();

    private bool TryBegin(bool mayWait)
    {
        try
        {
            begin.Run();
            return true;
        }
        catch (DatabaseException e) when (e.IsBusy && mayWait)
        {
            return false;
        }
    }

    private AppendOutcome PutMetadata(string stream, JsonObject metadata)
    {
        var stored = new NewEvent(
            new EventId(Guid.NewGuid()),
            StreamLimitsJson.MetadataType,
            "application/json",
            Encoding.UTF8.GetBytes(metadata.ToJsonString()),
            default);
        return Append(StreamLimitsJson.Prefix + stream, ExpectedRevision.Any, [stored]);
    }

    /// <returns>The last event's position.</returns>
    private long Insert(string stream, KnownHead head, long first, IReadOnlyList<NewEvent> events)
    {
        if (head.Id < 0) heads.Add(stream, head);
        var last = insert.Run(head.Id, first, created, events);
        heads.Change(head, first + (events.Count - 1));
        written.Add(new Written(stream, first, last - (events.Count - 1), created, events));
        return last;
    }
}
