using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>Applies feed items inside one transaction. A stream is loaded once and, by <see cref="Save"/>, stored once,
/// however many events of it there are: filling the catalog anew is mostly whole lives.</summary>
internal sealed class CatalogBatch(SqliteConnection connection, SqliteTransaction transaction, ILogger logger) : IDisposable
{
    private readonly Dictionary<StreamId, Entry> entries = [];

    private readonly SqliteCommand load =
        connection.Command($"SELECT {CatalogRows.Columns} FROM streams s WHERE s.id = $id", transaction);

    private readonly SqliteCommand insert = connection.Command(
        $"""
        INSERT INTO streams ({string.Join(", ", CatalogRows.Names)}, sum)
        VALUES ({string.Join(", ", CatalogRows.Names.Select(name => "$" + name))}, $sum);
        SELECT last_insert_rowid();
        """, transaction);

    private readonly SqliteCommand update = connection.Command(
        $"UPDATE streams SET {string.Join(", ", CatalogRows.Names.Select(name => $"{name} = ${name}"))}, sum = $sum WHERE key = $key", transaction);

    private readonly SqliteCommand label = connection.Command(
        """
        INSERT INTO labels (stream, name, value, status, created_at, commit_position, prepare_position)
        VALUES ($stream, $name, $value, $status, $createdAt, $commit, $prepare)
        """, transaction);

    private readonly SqliteCommand relabel =
        connection.Command("UPDATE labels SET status = $status WHERE stream = $stream", transaction);

    private readonly SqliteCommand remove = connection.Command(
        "DELETE FROM labels WHERE stream = (SELECT key FROM streams WHERE id = $id); DELETE FROM streams WHERE id = $id;", transaction);

    public void Apply(FeedItem item)
    {
        switch (item)
        {
            // Content is not the catalog's matter: its length and revision are those of the ending.
            case FeedItem.Recorded { Event: var recorded }:
                if (EventKinds.KindOf(recorded.Event) == EventKind.Lifecycle) Apply(recorded);
                break;
            case FeedItem.Tombstoned gone:
                entries.Remove(gone.Stream);
                remove.With("$id", gone.Stream.Value).ExecuteNonQuery();
                break;
            case FeedItem.Damaged { Stream: { } stream } damaged:
                Apply(stream, damaged);
                break;
            case FeedItem.Damaged damaged:
                logger.DamagedEventLeftOut(damaged.StreamName, damaged.At, damaged.What);
                break;
        }
    }

    public void Save()
    {
        foreach (var entry in entries.Values)
        {
            if (entry.Summary is not { } stream || ReferenceEquals(stream, entry.Stored?.Summary)) continue;
            if (entry.Why is { } why && stream.IsDamaged) logger.ListedAsDamaged(stream.Id, why);
            else if (entry.Why is { } foreign) logger.ListedAsForeign(stream.Id, foreign);
            if (entry.Stored is null) Insert(stream, entry.Place);
            else Update(entry.Stored, stream);
        }

        entries.Clear();
    }

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[load, insert, update, label, relabel, remove]) command.Dispose();
    }

    private void Apply(RecordedEvent recorded)
    {
        var entry = EntryOf(recorded.Stream);
        if (entry.Summary is { IsDamaged: true } or { HasBegun: false }) return;
        if (entry.Summary is null && recorded.Event is not StreamEvent.StreamCreated)
        {
            Damage(entry, recorded.Stream, recorded.Position, $"The log tells of revision {recorded.Revision}, and not of its creation.");
            return;
        }

        try
        {
            if (entry.Summary is null) entry.Place = CatalogCursor.Of(recorded);
            entry.Summary = StreamSummary.Apply(entry.Summary, recorded);
        }
        catch (LogDamagedException e)
        {
            Damage(entry, recorded.Stream, recorded.Position, e.Message);
        }
    }

    private void Apply(StreamId stream, FeedItem.Damaged item)
    {
        var entry = EntryOf(stream);
        if (item.Foreign is not { } foreign || (entry.Summary is null && foreign.Revision != Revision.From(0)))
        {
            Damage(entry, stream, item.At, item.What);
        }
        else if (entry.Summary is not ({ IsDamaged: true } or { Foreign: not null }))
        {
            entry.Summary = Begun(entry, stream, item.At) with { Foreign = foreign };
            entry.Why = item.What;
        }
    }

    private static void Damage(Entry entry, StreamId stream, LogPosition at, string what)
    {
        if (entry.Summary is { IsDamaged: true }) return;
        entry.Summary = Begun(entry, stream, at) with { IsDamaged = true };
        entry.Why = what;
    }

    /// <summary>One whose creation is not known comes last in the list.</summary>
    private static StreamSummary Begun(Entry entry, StreamId stream, LogPosition at)
    {
        if (entry.Summary is { } known) return known;
        entry.Place = new CatalogCursor(0, checked((long)at.Commit), checked((long)at.Prepare));
        return new StreamSummary { Id = stream, Source = "", CreatedAt = default, IdleTimeout = default, HasBegun = false };
    }

    private Entry EntryOf(StreamId stream)
    {
        if (entries.TryGetValue(stream, out var entry)) return entry;

        // Without its labels: no event changes them.
        var row = CatalogRows.Read(load.With("$id", stream.Value)).SingleOrDefault();
        entries.Add(stream, entry = new Entry { Stored = row, Summary = row?.Summary });
        return entry;
    }

    private void Insert(StreamSummary stream, CatalogCursor place)
    {
        var values = CatalogRows.Values(stream, place, CatalogSearch.Searched(stream), CatalogSum.Of(stream.Labels));
        var key = (long)With(insert, values).ExecuteScalar()!;
        foreach (var (name, value) in stream.Labels)
        {
            label
                .With("$stream", key)
                .With("$name", name)
                .With("$value", value)
                .With("$status", StatusIn(values))
                .With("$createdAt", place.CreatedTicks)
                .With("$commit", place.Commit)
                .With("$prepare", place.Prepare)
                .ExecuteNonQuery();
        }
    }

    private void Update(CatalogRow row, StreamSummary stream)
    {
        var values = CatalogRows.Values(stream, row.Place, row.Search, row.LabelsSum);
        With(update, values).With("$key", row.Key).ExecuteNonQuery();
        relabel.With("$stream", row.Key).With("$status", StatusIn(values)).ExecuteNonQuery();
    }

    private static object? StatusIn(object?[] values) => values[CatalogRows.StatusAt];

    private static SqliteCommand With(SqliteCommand command, object?[] values)
    {
        // By their places: finding each of so many by its name would take longer than the row.
        if (command.Parameters.Count == 0)
            foreach (var name in CatalogRows.Names) command.Parameters.Add(new SqliteParameter { ParameterName = "$" + name });
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command.With("$sum", CatalogSum.Of(values));
    }

    private sealed class Entry
    {
        /// <summary>Null: not in the file.</summary>
        public required CatalogRow? Stored { get; init; }

        /// <summary>Null: its creation has not been seen.</summary>
        public required StreamSummary? Summary { get; set; }

        public CatalogCursor Place { get; set; }

        /// <summary>What is wrong with it, told once it is stored: a tombstone may follow.</summary>
        public string? Why { get; set; }
    }
}
