using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// Everything in the log's order, a page at a time. What cannot be read does not stop it: it is told by its place, as
/// an event that is unreadable (<see cref="StoredEvent.IsUnreadable"/>), where an index still knows what stands there.
/// </summary>
internal sealed class FeedRows
{
    /// <summary>Rows looked at in one page, also where the filter lets none through.</summary>
    private const int PageRows = 4096;

    /// <summary>Positions in one page where something is damaged: for each page the whole index is read.</summary>
    private const int Window = 2048;

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
            for (; page.Bytes < options.MaxPageBytes && rows.Step(); page.Seen++) AddRow(rows, page);
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

    /// <summary>By each place that the table or the index knows.</summary>
    private (List<StoredEvent> Events, long Upto, bool AtEnd) PastDamage(Page page)
    {
        var end = Math.Max(damaged.End, page.Upto);
        var upTo = Math.Min(end, page.Upto + Window);
        foreach (var place in damaged.Places(page.Upto, upTo))
        {
            Add(Read(place, page.Filter), page);
            page.Upto = place.Position;
            if (page.Bytes >= options.MaxPageBytes) return (page.Events, page.Upto, false);
        }

        page.Upto = Math.Max(page.Upto, upTo);
        return (page.Events, page.Upto, upTo >= end);
    }

    private StoredEvent? Read(RowPlace place, StoreFilter filter)
    {
        var row = damaged.At(place.Position);
        var (stream, revision) = row is null ? (-1, -1) : (row.Int64(EventRow.Stream), row.Int64(EventRow.Revision));
        if (row is null || place.Known != (stream, revision))
        {
            var (owner, at) = place.Known ?? (stream, revision);
            return owners.Doubted(owner, at) is { } doubted && filter.Matches(doubted.Stream, "")
                ? Unreadable(doubted.Stream, doubted.Revision, place.Position)
                : null;
        }

        var type = texts.Of(row.Utf8(EventRow.Type));
        return filter.ExceptTypes.Contains(type) ? null : Read(row, owners.Named(stream, revision, place.Position), type, filter);
    }

    private void AddRow(Statement row, Page page)
    {
        var position = row.Int64(EventRow.Position);
        if (position <= page.Upto)
            throw Misled($"position {page.Upto} is followed by {position}");
        if (page.IsByIndex && !IsTold(row)) throw Misled($"position {position} is no matter of its index");
        Add(Read(row, position, page), page);
        page.Upto = position;
    }

    private static void Add(StoredEvent? stored, Page page)
    {
        if (stored is null) return;
        page.Bytes += stored.Size;
        page.Events.Add(stored);
    }

    private StoredEvent? Read(Statement row, long position, Page page)
    {
        var type = texts.Of(row.Utf8(EventRow.Type));
        if (page.Filter.ExceptTypes.Contains(type)) return null;

        // A number in a row is not covered by SQLite: the index has to say the same.
        var (stream, revision) = (row.Int64(EventRow.Stream), row.Int64(EventRow.Revision));
        return Read(row, page.IsLifecycle ? owners.Of(stream, revision, position) : owners.Named(stream, revision, position), type, page.Filter);
    }

    private StoredEvent? Read(Statement row, RowOwner? owner, string type, StoreFilter filter)
    {
        if (owner is not { } known || !filter.Matches(known.Stream, type)) return null;
        var position = row.Int64(EventRow.Position);
        if (!known.IsSure) return Unreadable(known.Stream, known.Revision, position);
        try
        {
            return row.Read(texts, known.Stream);
        }
        catch (LogDamagedException)
        {
            return Unreadable(known.Stream, known.Revision, position);
        }
    }

    /// <summary>As the lifecycle feed's index is written.</summary>
    private static bool IsTold(Statement row) =>
        row.IsNull(EventRow.Kind) || (row.Int64(EventRow.Kind) is var kind && kind >= EventType.Told);

    private static LogDamagedException Misled(string what) => new("(all)", null, $"the database is damaged: {what}.");

    private static StoredEvent Unreadable(string stream, long revision, long position) =>
        StoredEvent.Unreadable(stream, revision, LogPosition.At(position));

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
