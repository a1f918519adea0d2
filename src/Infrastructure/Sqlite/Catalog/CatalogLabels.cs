using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>Streams that have all of some labels, as SQL. The first label is looked through; a stream has each name
/// once.</summary>
internal static class CatalogLabels
{
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
}
