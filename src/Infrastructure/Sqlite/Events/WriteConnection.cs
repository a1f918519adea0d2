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
    /// <summary>What one append removes at most of what is over its stream's limits: the next one goes on.</summary>
    private const int TrimmedEvents = 64;

    private readonly Database database;
    private readonly SqliteEventStoreOptions options;
    private readonly TimeProvider time;
    private readonly KnownHeads heads;
    private readonly HeadLookup headLookup;
    private readonly LimitsLookup limitsLookup;
    private readonly Repeats repeats;
    private readonly LastEvent lastEvent;
    private readonly List<KnownHead> changed = [];
    private readonly List<Written> written = [];
    private readonly Statement begin, commit, insert, index, addStream, addName, putHead, oldest, addCleanup, settle, empty, logEnd;
    private readonly EventRemoval removal;
    private long created;
    private string? boundType, boundContentType;

    private WriteConnection(Database database, SqliteEventStoreOptions options, TimeProvider time)
    {
        this.database = database;
        this.options = options;
        this.time = time;
        heads = new KnownHeads(options.MaxKnownHeads);
        headLookup = new HeadLookup(database);
        limitsLookup = new LimitsLookup(database, headLookup);
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        insert = database.Prepare("""
            INSERT INTO log (stream, revision, id, type, content_type, created, data, metadata, kind)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """);
        index = database.Prepare("INSERT INTO recent (stream, revision, position) VALUES (?1, ?2, ?3)");
        addStream = database.Prepare("INSERT INTO streams (name, head) VALUES (?1, -1)");
        addName = database.Prepare("INSERT INTO names (name, stream) VALUES (?1, ?2)");
        putHead = database.Prepare("UPDATE streams SET head = ?2 WHERE id = ?1");
        repeats = new Repeats(database);
        lastEvent = new LastEvent(database);
        oldest = database.Prepare(StreamIndex.Rows("i.position, i.revision, r.created", "i.stream = ?1", "2 LIMIT ?2"));
        removal = new EventRemoval(database);
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
    public static WriteConnection Open(string path, SqliteEventStoreOptions options, TimeProvider time, bool afterFailure)
    {
        var database = Database.OpenExisting(path, TimeSpan.Zero);
        try
        {
            database.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-16384; "
                + $"PRAGMA journal_size_limit={options.KeptWalBytes}; PRAGMA temp_store=MEMORY"));
            if (afterFailure && !database.Checkpoint(raw.SQLITE_CHECKPOINT_FULL, options.BusyTimeout, out _))
                throw new DatabaseException(raw.SQLITE_BUSY, "the write-ahead log is in use by another connection");
            return new WriteConnection(database, options, time);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <param name="mayWait">False: where another connection has a lock, it fails at once.</param>
    public void Begin(bool mayWait)
    {
        heads.MakeRoom();
        changed.Clear();
        written.Clear();
        HasNewCleanups = false;
        created = EventRow.CreatedOf(time.GetUtcNow());
        var asked = Stopwatch.GetTimestamp();
        while (!TryBegin(mayWait && Stopwatch.GetElapsedTime(asked) < options.BusyTimeout)) Thread.Sleep(1);
    }

    /// <returns>Pages that went into the write-ahead log.</returns>
    public int Commit()
    {
        foreach (var head in changed)
        {
            PutHead(head);
            head.IsChanged = false;
        }

        commit.Run();
        options.Committed?.Invoke();
        return database.TakePagesWritten();
    }

    /// <summary>An append of nothing writes nothing, and says whether it could have been.</summary>
    public AppendOutcome Append(string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        var head = HeadOf(stream);
        if (Refusal(stream, head, expected, events) is { } refusal) return refusal;
        if (events.Count == 0) return new AppendOutcome.Appended(head.Revision, PositionAt(logEnd.Number() ?? 0));
        var first = head.Revision + 1;
        var position = Insert(stream, head, first, events);
        if (head.Limits is { IsDeleted: true }) PutMetadata(stream, StreamLimitsJson.WithoutEventsBefore(limitsLookup.Metadata(stream), first));
        if (head.Limits is { } limits) Trim(head, limits);
        if (stream.StartsWith(StreamLimitsJson.Prefix, StringComparison.Ordinal)) ApplyLimits(head, stream[StreamLimitsJson.Prefix.Length..]);
        return new AppendOutcome.Appended(head.Revision, PositionAt(position));
    }

    /// <summary>A stream's last event.</summary>
    public StoredEvent? Last(string stream) => lastEvent.Read(HeadOf(stream), stream);

    /// <summary>The events are hidden until the stream's next one, which goes on with the revisions; they go from the
    /// disk only then.</summary>
    public AppendOutcome Delete(string stream, ExpectedRevision expected)
    {
        var head = HeadOf(stream);
        if (head.Revision < 0) return new AppendOutcome.Lost(-1);
        return Refusal(stream, head, expected, [])
            ?? PutMetadata(stream, StreamLimitsJson.WithoutEventsBefore(limitsLookup.Metadata(stream), long.MaxValue));
    }

    public AppendOutcome Tombstone(string stream, ExpectedRevision expected, EventId id, ReadOnlyMemory<byte> metadata)
    {
        var head = HeadOf(stream);
        if (Refusal(stream, head, expected, []) is { } refusal) return refusal;
        if (head.Revision >= 0)
        {
            addCleanup.Bind(1, head.Id).Run();
            HasNewCleanups = true;
        }

        var position = Insert(stream, head, StoredEvent.TombstoneRevision,
            [new NewEvent(id, StoredEvent.TombstoneType, "application/octet-stream", default, metadata)]);
        return new AppendOutcome.Appended(head.Revision, PositionAt(position));
    }

    public void SetLimits(string stream, StreamLimits limits)
    {
        if (StreamLimitsJson.With(limitsLookup.Metadata(stream), limits) is not { } metadata) return;
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
        foreach (var head in changed)
        {
            PutHead(head);
            head.IsChanged = false;
        }

        changed.Clear();
        written.Clear();
        heads.MakeRoom();
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

    /// <returns>Null where nothing stands against it; the earlier answer where it has been appended already.</returns>
    private AppendOutcome? Refusal(string stream, KnownHead head, ExpectedRevision expected, IReadOnlyList<NewEvent> events)
    {
        if (head.Revision == StoredEvent.TombstoneRevision) return new AppendOutcome.Deleted();
        if (expected.IsLoose)
        {
            if (head.Revision >= 0) return events.Count > 0 ? repeats.AmongLast(head, events) : null;
            return expected == ExpectedRevision.StreamExists && HeadOf(StreamLimitsJson.Prefix + stream).Revision < 0
                ? new AppendOutcome.Lost(-1)
                : null;
        }

        if (expected.Value == head.Revision) return null;
        if (events.Count > 0 && head.Revision >= 0 && repeats.At(head, expected.Value + 1, events) is { } repeat) return repeat;
        if (expected != ExpectedRevision.NoStream || head.Limits?.Before is not { } before) return new AppendOutcome.Lost(head.Revision);

        // Deleted, so that there is no stream; or there was none, and this is the append that began it anew.
        if (head.Limits.IsDeleted) return null;
        return events.Count > 0 && repeats.At(head, before, events) is { } beginning ? beginning : new AppendOutcome.Lost(head.Revision);
    }

    private static LogPosition PositionAt(long position) => new((ulong)position, (ulong)position);

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

    private KnownHead HeadOf(string stream) =>
        heads.Find(stream) ?? heads.Add(stream, headLookup.Find(stream), limitsLookup.Find(stream));

    /// <summary>New limits hold from the next append on, also in this transaction: so their own head is written
    /// now.</summary>
    private void ApplyLimits(KnownHead metadata, string stream)
    {
        PutHead(metadata);
        if (heads.Find(stream) is { } limited) limited.Limits = limitsLookup.Find(stream);
    }

    private void PutHead(KnownHead head) => putHead.Bind(1, head.Id).Bind(2, head.Revision).Run();

    private long Add(string stream)
    {
        var name = EventRow.Utf8(stream);
        addStream.BindUtf8(1, name).Run();
        var id = database.LastInserted;
        addName.BindUtf8(1, name).Bind(2, id).Run();
        return id;
    }

    /// <returns>The last event's position.</returns>
    private long Insert(string stream, KnownHead head, long first, IReadOnlyList<NewEvent> events)
    {
        Span<byte> id = stackalloc byte[16];
        if (head.Id < 0) head.Id = Add(stream);
        insert.Bind(1, head.Id).Bind(6, created);
        index.Bind(1, head.Id);
        var last = 0L;
        for (var i = 0; i < events.Count; i++)
        {
            var (eventId, type, contentType, data, metadata) = events[i];
            eventId.Value.TryWriteBytes(id, bigEndian: true, out _);
            insert.Bind(2, first + i).Bind(3, id).Bind(7, data.Span).Bind(8, metadata.Span);
            BindTypes(type, contentType);
            insert.Run();
            last = database.LastInserted;
            index.Bind(2, first + i).Bind(3, last).Run();
        }

        head.Revision = first + (events.Count - 1);
        if (!head.IsChanged)
        {
            head.IsChanged = true;
            changed.Add(head);
        }

        written.Add(new Written(stream, first, last - (events.Count - 1), created, events));
        return last;
    }

    /// <summary>What is bound stays bound, and they are mostly the same as the last event's.</summary>
    private void BindTypes(string type, string contentType)
    {
        if (type != boundType) insert.Bind(4, boundType = type).Bind(9, EventKinds.Find(type)?.Stored);
        if (contentType != boundContentType) insert.Bind(5, boundContentType = contentType);
    }

    /// <summary>The last event always stays: the head is proved by it.</summary>
    private void Trim(KnownHead head, Truncation limits)
    {
        var over = new List<(long Revision, long Position)>();
        var first = limits.First(head.Revision);
        var tooOld = limits.MaxAge is { } age ? created - (age.Ticks / TimeSpan.TicksPerMicrosecond) : long.MinValue;
        oldest.Bind(1, head.Id).Bind(2, TrimmedEvents);
        while (oldest.Step() && oldest.Int64(1) < head.Revision && (oldest.Int64(1) < first || oldest.Int64(2) < tooOld))
            over.Add((oldest.Int64(1), oldest.Int64(0)));

        oldest.Reset();
        foreach (var (revision, position) in over) removal.Remove(head.Id, revision, position);
    }
}
