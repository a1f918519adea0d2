using System.Diagnostics;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>Reads, one short transaction a page: a longer one would keep the write-ahead log from beginning
/// anew.</summary>
internal sealed class ReadConnection : IDisposable
{
    /// <summary>The column behind a row's own.</summary>
    private const int IndexRevision = EventRow.Kind + 1;

    /// <summary>How long a page of everything may take: a filter may be slow, and others wait for this
    /// thread.</summary>
    private static readonly TimeSpan PageTime = TimeSpan.FromMilliseconds(50);

    private readonly SqliteEventStoreOptions options;
    private readonly Database database;
    private readonly LogForm form;
    private readonly HeadLookup heads;
    private readonly LimitsLookup limits;
    private readonly NameLookup names;
    private readonly NameList allNames;
    private readonly StreamRows streamRows;
    private readonly FeedRows feedRows;
    private readonly RepeatedTexts texts = new();
    private readonly Statement begin, end, forwards, backwards, feed, feedBackwards, last, byPosition;

    private ReadConnection(Database database, SqliteEventStoreOptions options)
    {
        (this.database, this.options) = (database, options);
        database.Execute("PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA cache_size=-4096");
        form = LogForm.Of(database);
        begin = database.Prepare("BEGIN");
        end = database.Prepare("COMMIT");
        heads = new HeadLookup(database);
        limits = new LimitsLookup(database, heads);
        names = new NameLookup(database);
        allNames = new NameList(database);
        streamRows = new StreamRows(database, form, texts, options);
        feedRows = new FeedRows(database, form, names, texts, options);
        var indexed = form.Columns + ", i.revision";
        forwards = database.Prepare(StreamIndex.Rows(indexed, "i.stream = ?1 AND i.revision >= ?2", "11"));
        backwards = database.Prepare(StreamIndex.Rows(indexed, "i.stream = ?1 AND i.revision <= ?2", "11 DESC"));
        feed = database.Prepare($"SELECT {form.Columns} FROM log r WHERE r.position > ?1 ORDER BY r.position LIMIT ?2");
        feedBackwards = database.Prepare(
            $"SELECT {form.Columns} FROM log r WHERE r.position < ?1 ORDER BY r.position DESC LIMIT ?2");
        last = database.Prepare("SELECT position FROM log ORDER BY position DESC LIMIT 1");
        byPosition = database.Prepare($"SELECT {form.Columns} FROM log r WHERE r.position = ?1");
    }

    /// <param name="database">Disposed with it, also where this throws.</param>
    public static ReadConnection Over(Database database, SqliteEventStoreOptions options) =>
        database.Into(opened => new ReadConnection(opened, options));

    public StoreRead Page(string stream, long from, bool forward, int maxCount, DateTimeOffset now) =>
        PageAndEnd(stream, from, forward, maxCount, now).Read;

    /// <returns>With the page, where the stream's last event stands, also of one that is deleted or has a
    /// tombstone.</returns>
    public (StoreRead Read, FoundStream End) PageAndEnd(string stream, long from, bool forward, int maxCount, DateTimeOffset now) =>
        InTransaction<(StoreRead, FoundStream)>(() =>
        {
            var found = heads.Find(stream);
            var (id, head, _) = found;
            if (head == StoredEvent.TombstoneRevision) return (new StoreRead.Tombstoned(), found);
            if (head < 0) return (new StoreRead.Missing(), found);
            var kept = new Kept(limits.Find(stream), head, now);
            if (kept.Limits is { IsDeleted: true }) return (new StoreRead.Missing(), found);
            if (!forward) from = Math.Min(from, head);
            else from = Math.Max(from, kept.First);
            if (from > head || from < kept.First) return (new StoreRead.Page([], AtEnd: true), found);
            return (forward ? Forward(id, stream, from, maxCount, kept) : Backward(id, stream, from, maxCount, kept), found);
        });

    /// <summary>Everything from a position on, whatever lets it through; see <see cref="AllPage"/>.</summary>
    /// <param name="from">Excluded. Backward, 2^63−1 is the end.</param>
    public AllPage All(long from, bool forward, Func<string, string, bool>? filter, int maxRows) => InTransaction(() =>
    {
        var seen = new List<SeenEvent>();
        var rows = forward ? feed : feedBackwards;
        var begun = Stopwatch.GetTimestamp();
        rows.Bind(1, from).Bind(2, maxRows);
        var (bytes, hasMore) = (0, true);
        while (seen.Count < maxRows && bytes < options.MaxPageBytes && Stopwatch.GetElapsedTime(begun) < PageTime && (hasMore = rows.Step()))
        {
            from = rows.Int64(EventRow.Position);
            var stream = names.Find(rows.Int64(EventRow.Stream), from);
            var stored = filter is null || filter(stream, texts.Of(rows.Utf8(EventRow.Type))) ? rows.Read(texts, stream) : null;
            if (stored is not null) bytes += stored.Size;
            seen.Add(new SeenEvent(from, stored));
        }

        return new AllPage(seen, from, AtEnd: !hasMore);
    });

    /// <summary>The position of the newest event; 0 where there is none.</summary>
    public long End() => InTransaction(() => last.Number() ?? 0);

    /// <inheritdoc cref="FeedRows.After"/>
    public (List<StoredEvent> Events, long Upto, bool AtEnd) Feed(long after, StoreFilter filter) =>
        InTransaction(() => feedRows.After(after, filter));

    public StoredEvent? Find(long position) =>
        InTransaction(() => byPosition.Bind(1, position).Step()
            ? byPosition.Read(texts, names.Find(byPosition.Int64(EventRow.Stream), position))
            : null);

    public IReadOnlyList<FoundName> Names(long after) => InTransaction(() => allNames.After(after));

    public IReadOnlyList<FoundName> LostNames(string after) => InTransaction(() => allNames.LostAfter(after));

    public FoundName? FindName(string name) => InTransaction(() => allNames.Find(name));

    public InspectedPage Inspect(long id, string stream, long after) => InTransaction(() => streamRows.After(id, stream, after));

    public StoredEvent? Tombstone(long id, string stream) => InTransaction(() =>
        forwards.Bind(1, id).Bind(2, StoredEvent.TombstoneRevision).Step()
            ? forwards.ReadAs(texts, id, stream, StoredEvent.TombstoneRevision)
            : null);

    public void Dispose() => database.Dispose();

    private StoreRead.Page Forward(long id, string stream, long from, int maxCount, Kept kept)
    {
        var events = new List<StoredEvent>();
        var next = from;
        var bytes = 0;
        forwards.Bind(1, id).Bind(2, from);
        while (next <= kept.Head && events.Count < maxCount && bytes < options.MaxPageBytes)
        {
            if (!forwards.Step())
                throw new LogDamagedException(stream, next, $"it is not to be found, although the stream goes up to {kept.Head}.");

            var revision = forwards.Int64(IndexRevision);
            if (revision != next && !(next == from && kept.MayBegin(revision)))
                throw new LogDamagedException(stream, next, $"it is not to be found; {revision} follows.");
            next = revision + 1;
            var stored = forwards.ReadAs(texts, id, stream, revision);
            if (kept.IsTooOld(stored)) continue;
            bytes += stored.Size;
            events.Add(stored);
        }

        return new StoreRead.Page(events, AtEnd: next > kept.Head);
    }

    private StoreRead.Page Backward(long id, string stream, long from, int maxCount, Kept kept)
    {
        var events = new List<StoredEvent>();
        var next = from;
        var bytes = 0;
        backwards.Bind(1, id).Bind(2, from);
        while (next >= kept.First && events.Count < maxCount && bytes < options.MaxPageBytes)
        {
            var found = backwards.Step();

            // Below what a limit has removed nothing is left; the last event always is.
            if (!found && kept.Limits is not null && next < kept.Head) return new StoreRead.Page(events, AtEnd: true);
            var revision = found ? backwards.Int64(IndexRevision) : -1;
            if (revision != next)
                throw new LogDamagedException(stream, next, "it is not to be found between the stream's beginning and its head.");
            var stored = backwards.ReadAs(texts, id, stream, revision);
            if (kept.IsTooOld(stored)) return new StoreRead.Page(events, AtEnd: true);
            next--;
            bytes += stored.Size;
            events.Add(stored);
        }

        return new StoreRead.Page(events, AtEnd: next < kept.First);
    }

    private T InTransaction<T>(Func<T> read)
    {
        database.RenewBudget();
        begin.Run();
        try
        {
            return read();
        }
        catch (DatabaseException) when (IsOfAnotherForm())
        {
            throw new LogFormChangedException();
        }
        finally
        {
            database.ResetAll();
            EndTransaction();
        }
    }

    /// <summary>Nothing was written; and SQLite tells once more of damage that was passed over.</summary>
    private void EndTransaction()
    {
        try
        {
            end.Run();
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            if (database.IsInTransaction) database.Execute("ROLLBACK");
        }
    }

    /// <summary>Only a tool's connection outlives a server that comes and brings the log up to date.</summary>
    private bool IsOfAnotherForm()
    {
        try
        {
            database.ResetAll();
            return LogForm.Of(database) != form;
        }
        catch (DatabaseException)
        {
            return false;
        }
    }

    /// <summary>What a stream's limits leave of it.</summary>
    private readonly record struct Kept(Truncation? Limits, long Head, DateTimeOffset Now)
    {
        /// <summary>Smaller revisions are not shown.</summary>
        public long First => Limits?.First(Head) ?? 0;

        /// <summary>Whether a limited stream's first event may have this revision.</summary>
        public bool MayBegin(long revision) => Limits is not null && revision <= Head;

        public bool IsTooOld(StoredEvent stored) => Limits?.MaxAge is { } age && stored.Created < Now - age;
    }
}
