using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>What is asked of the catalog, as SQL. Each reads one index in order and stops at its limit.</summary>
internal static partial class CatalogQueries
{
    public static SqliteCommand List(SqliteConnection connection, CatalogQuery query)
    {
        query = FewestFirst(connection, query);
        var place = PlaceIn(query);
        return WithFilters(connection.Command($"""
            SELECT {CatalogRows.Columns} FROM {Rows(query)} {Further(query, place)}
            ORDER BY {place}.created_at DESC, {place}.commit_position DESC, {place}.prepare_position DESC LIMIT $limit
            """), query).With("$limit", query.Limit + 1); // one more tells whether there is another page
    }

    /// <summary>How many there are on all pages.</summary>
    public static SqliteCommand Count(SqliteConnection connection, CatalogQuery query)
    {
        query = FewestFirst(connection, query with { Cursor = null });
        return WithFilters(connection.Command($"SELECT count(*) FROM {Rows(query)}"), query);
    }

    /// <summary>
    /// The streams that have all of some labels, by the bytes of their ids. A label of few streams is looked through
    /// for every page. Where all have many, all streams are, in their order and from where the page begins. Either way
    /// all pages together take no more than one look through all streams.
    /// </summary>
    public static SqliteCommand ById(SqliteConnection connection, IReadOnlyList<KeyValuePair<string, string>> labels, StreamId? after, int limit)
    {
        labels = CatalogLabels.FewestFirst(connection, labels);
        var few = (int)Math.Sqrt((double)limit * connection.Number("SELECT coalesce(max(key), 0) FROM streams"));
        var rows = CatalogLabels.Count(connection, labels[0], few) < few
            ? $"{CatalogLabels.From(labels)} WHERE l.status <> 'deleted' {CatalogLabels.And(labels)}"
            : $"streams s WHERE {CatalogLabels.All(labels)}";
        return connection.Command($"SELECT {CatalogRows.Columns} FROM {rows} AND s.id > $after ORDER BY s.id LIMIT $limit")
            .WithLabels(labels).With("$after", after?.Value ?? "").With("$limit", limit);
    }

    /// <summary>The same question, with the label first of which the fewest rows are looked through: one tenant may
    /// have a million streams, and one owner ten.</summary>
    private static CatalogQuery FewestFirst(SqliteConnection connection, CatalogQuery query) => query with
    {
        Labels = CatalogLabels.FewestFirst(
            connection, query.Labels, $"{Range(query, "l")} {Further(query, "l")}", counting => WithRange(counting, query)),
    };

    /// <summary>The rows that a list has.</summary>
    private static string Rows(CatalogQuery query)
    {
        var source = query.Source is null ? "" : "AND s.source = $source";
        var words = string.Concat(Words(query).Select((_, i) => $" AND instr(s.search, $word{i}) > 0"));
        return $"{CatalogLabels.From(query.Labels)} WHERE true {Range(query, PlaceIn(query))} {CatalogLabels.And(query.Labels)} {source} {words}";
    }

    /// <summary>What orders the list: the stream itself, or the copy of its place that stands beside its
    /// label.</summary>
    private static string PlaceIn(CatalogQuery query) => query.Labels is [] ? "s" : "l";

    /// <summary>What is told by the index that has the order.</summary>
    private static string Range(CatalogQuery query, string place)
    {
        var status = query.Status is null ? $"AND {place}.status <> 'deleted'" : $"AND {place}.status = $status";
        var since = query.From is null ? "" : $"AND {place}.created_at >= $from";
        var until = query.To is null ? "" : $"AND {place}.created_at < $to AND {place}.created_at > 0";
        return $"{status} {since} {until}";
    }

    /// <summary>Behind the page before.</summary>
    private static string Further(CatalogQuery query, string place) => query.Cursor is null
        ? ""
        : $"AND ({place}.created_at, {place}.commit_position, {place}.prepare_position) < ($createdAt, $commit, $prepare)";

    private static SqliteCommand WithFilters(SqliteCommand command, CatalogQuery query)
    {
        WithRange(command.WithLabels(query.Labels), query);
        if (query.Source is { } source) command.With("$source", source);
        foreach (var (i, word) in Words(query).Index()) command.With($"$word{i}", word);
        return command;
    }

    private static SqliteCommand WithRange(SqliteCommand command, CatalogQuery query)
    {
        if (query.Status is { } only) command.With("$status", only.Name());
        if (query.From is { } from) command.With("$from", from.UtcTicks);
        if (query.To is { } to) command.With("$to", to.UtcTicks);
        if (query.Cursor is null) return command;
        var cursor = CatalogCursor.Parse(query.Cursor);
        return command.With("$createdAt", cursor.CreatedTicks).With("$commit", cursor.Commit).With("$prepare", cursor.Prepare);
    }

    private static string[] Words(CatalogQuery query) => query.Search is null ? [] : CatalogSearch.Words(query.Search);
}
