using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// Everything in the log's order, a page at a time. What cannot be read does not stop it: it is told by its place, as an
/// event that is unreadable (<see cref="StoredEvent.IsUnreadable"/>), where an index still knows what stands there.
/// </summary>
internal sealed class FeedRows
{
    /// <summary>Rows looked at in one page, also where the filter lets none through.</summary>
    private const int PageRows = 4096;

    private readonly Database database;
    private readonly LogForm form;
    private readonly SqliteEventStoreOptions options;
    private readonly RepeatedTexts texts;
    private readonly RowOwners owners;
    private readonly DamagedRows damaged;
    private readonly Statement all, lifecycle;
    private bool isIndexDoubted;

    public FeedRows(Database database, LogForm form, NameLookup names, RepeatedTexts texts, SqliteEventStoreOptions options)
    {
        (this.database, this.form, this.options, this.texts) = (database, form, options, texts);
        owners = new RowOwners(database, names);
        damaged = new DamagedRows(database, form, owners);
        all = database.Prepare($"SELECT {form.Columns} FROM log r WHERE r.position > ?1 ORDER BY r.position LIMIT ?2");
        lifecycle = database.Prepare($"""
            SELECT {form.Columns} FROM log r INDEXED BY {form.FeedIndex}
            WHERE r.position > ?1 AND ({form.InFeed}) ORDER BY r.position LIMIT ?2
            """);
    }

    /// <returns>The events that the filter lets through, the position up to which was looked, and whether that is the
    /// log's end.</returns>
    public (List<StoredEvent> Events, long Upto, bool AtEnd) After(long after, StoreFilter filter)
    {
        var isLifecycle = EventKinds.LeftOutOfLifecycleFeed.All(type => filter.ExceptTypes.Contains(type));
        var page = new Page(after, filter, isLifecycle) { IsByIndex = isLifecycle && !isIndexDoubted };
        try
        {
            var rows = page.IsByIndex ? lifecycle : all;
            rows.Bind(1, after).Bind(2, PageRows);
            for (; page.Bytes < options.MaxPageBytes && rows.Step(); page.Seen++) Take(rows, page);
            return (page.Events, page.Upto, page.Seen < PageRows && page.Bytes < options.MaxPageBytes);
        }
        catch (Exception e) when (e is DatabaseException { IsDamage: true } or LogDamagedException)
        {
            database.ResetAll();
            if (LogForm.Of(database) != form) throw;                             // brought up to date meanwhile

            // What the index has given so far may have left some out: from here on all rows are looked at.
            isIndexDoubted = true;
            return PastDamage(new Page(after, filter, isLifecycle));
        }
    }

    /// <summary>Without the index, row by row.</summary>
    private (List<StoredEvent> Events, long Upto, bool AtEnd) PastDamage(Page page)
    {
        const int SlowRows = 256;
        for (var i = 0; i < SlowRows && page.Bytes < options.MaxPageBytes; i++)
        {
            if (damaged.Next(page.Upto + 1) is { } row)
            {
                Take(row, page);
                continue;
            }

            if (damaged.IsAtEnd(page.Upto)) return (page.Events, page.Upto, true);
            var (lost, upto) = damaged.Lost(page.Upto);
            foreach (var stored in lost)
                if (page.Filter.Matches(stored.Stream, stored.Type)) page.Events.Add(stored);
            page.Upto = upto;
        }

        return (page.Events, page.Upto, false);
    }

    private void Take(Statement row, Page page)
    {
        var position = row.Int64(EventRow.Position);
        if (position <= page.Upto)
            throw Misled($"position {page.Upto} is followed by {position}");
        if (page.IsByIndex && !IsTold(row)) throw Misled($"position {position} is no matter of its index");
        if (Read(row, position, page) is { } stored)
        {
            page.Bytes += stored.Data.Length + stored.Metadata.Length;
            page.Events.Add(stored);
        }

        page.Upto = position;
    }

    private StoredEvent? Read(Statement row, long position, Page page)
    {
        var type = texts.Of(row.Utf8(EventRow.Type));
        if (page.Filter.ExceptTypes.Contains(type)) return null;

        // A number in a row is not covered by SQLite: the index has to say the same.
        var revision = row.Int64(EventRow.Revision);
        var owner = page.IsLifecycle ? owners.Of(row.Int64(EventRow.Stream), revision, position) : owners.Named(row.Int64(EventRow.Stream), revision, position);
        if (owner is not { } known || !page.Filter.Matches(known.Stream, type)) return null;
        if (!known.IsSure) return Unreadable(known.Stream, known.Revision, position);
        try
        {
            return row.Read(texts, known.Stream);
        }
        catch (LogDamagedException)
        {
            return Unreadable(known.Stream, revision, position);
        }
    }

    /// <summary>As the lifecycle feed's index is written.</summary>
    private static bool IsTold(Statement row) =>
        row.IsNull(EventRow.Kind) || (row.Int64(EventRow.Kind) is var kind && kind >= EventType.Told);

    private static LogDamagedException Misled(string what) => new("(all)", null, $"the database is damaged: {what}.");

    private static StoredEvent Unreadable(string stream, long revision, long position) =>
        StoredEvent.Unreadable(stream, revision, new LogPosition((ulong)position, (ulong)position));

    private sealed class Page(long after, StoreFilter filter, bool isLifecycle)
    {
        public StoreFilter Filter { get; } = filter;

        public bool IsLifecycle { get; } = isLifecycle;

        /// <summary>False: row by row.</summary>
        public bool IsByIndex { get; init; }

        public List<StoredEvent> Events { get; } = [];

        public long Upto { get; set; } = after;

        public int Bytes { get; set; }

        public int Seen { get; set; }
    }
}
