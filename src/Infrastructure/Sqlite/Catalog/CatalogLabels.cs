using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>Streams that have all of some labels, as SQL. The first label is looked through; a stream has each name
/// once.</summary>
internal static class CatalogLabels
{
    /// <summary>So far a label's rows are counted to find out which label has fewer: it takes a millisecond, where
    /// looking through a million rows takes a second.</summary>
    private const int MostCounted = 10_000;

    /// <summary>The tables: the streams as <c>s</c>, and the first label, if any, as <c>l</c>.</summary>
    public static string From(IReadOnlyList<KeyValuePair<string, string>> labels) => labels is []
        ? "streams s"
        : "labels l CROSS JOIN streams s ON s.key = l.stream AND l.name = $name0 AND l.value = $value0";

    /// <summary>That they have the others, too.</summary>
    public static string And(IReadOnlyList<KeyValuePair<string, string>> labels) => string.Concat(labels.Skip(1).Select((_, i) =>
        $" AND EXISTS (SELECT 1 FROM labels o WHERE o.stream = l.stream AND o.name = $name{i + 1} AND o.value = $value{i + 1})"));

    public static SqliteCommand WithLabels(this SqliteCommand command, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        foreach (var (i, label) in labels.Index()) command.With($"$name{i}", label.Key).With($"$value{i}", label.Value);
        return command;
    }

    /// <summary>That a stream has them, for streams that are not looked for by a label. Of one that has not, no more is
    /// read than its labels.</summary>
    public static string All(IReadOnlyList<KeyValuePair<string, string>> labels) => string.Join(" AND ", labels.Select((_, i) =>
        $"EXISTS (SELECT 1 FROM labels o WHERE o.stream = s.key AND o.name = $name{i} AND o.value = $value{i} AND o.status <> 'deleted')"));

    /// <summary>How many rows a label has; no more than the limit are counted.</summary>
    public static long Count(SqliteConnection connection, KeyValuePair<string, string> label, int limit)
    {
        using var counting = Counting(connection, range: "");
        return Count(counting, label, limit);
    }

    /// <summary>The label that has the fewest rows first; of those that have many, the one that was first.</summary>
    /// <param name="range">Which of its rows would be looked through: conditions on <c>l</c>.</param>
    /// <param name="with">Gives the range what it takes.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> FewestFirst(
        SqliteConnection connection, IReadOnlyList<KeyValuePair<string, string>> labels, string range = "", Action<SqliteCommand>? with = null)
    {
        if (labels.Count < 2) return labels;
        using var counting = Counting(connection, range);
        with?.Invoke(counting);

        // In growing steps, so that where one label has ten rows the others' million is hardly begun.
        for (var most = 100; most <= MostCounted; most *= 10)
        {
            var (first, fewest) = (-1, most);
            foreach (var (i, label) in labels.Index())
            {
                var count = Count(counting, label, fewest);
                if (count < fewest) (first, fewest) = (i, (int)count);
            }

            if (first >= 0) return [labels[first], .. labels.Where((_, i) => i != first)];
        }

        return labels;
    }

    private static SqliteCommand Counting(SqliteConnection connection, string range) => connection.Command(
        $"SELECT count(*) FROM (SELECT 1 FROM labels l WHERE l.name = $name0 AND l.value = $value0 {range} LIMIT $most)");

    private static long Count(SqliteCommand counting, KeyValuePair<string, string> label, int limit) =>
        (long)counting.With("$name0", label.Key).With("$value0", label.Value).With("$most", limit).ExecuteScalar()!;
}
