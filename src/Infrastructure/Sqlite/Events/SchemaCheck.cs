using System.Collections.Concurrent;
using System.Globalization;

namespace EventSourcedStreams.Sqlite;

/// <summary>Where a file's schema is not the one that this program makes.</summary>
/// <param name="Kind"><c>table</c>, <c>index</c>, <c>view</c> or <c>trigger</c>.</param>
/// <param name="IsOurs">This program makes one of that name; otherwise another program added it.</param>
internal sealed record SchemaDifference(string Kind, string Name, string Expected, string Found, bool IsOurs)
{
    /// <summary>What is read through it could be anything, and take for ever.</summary>
    public bool PreventsReading => IsOurs && Kind is "table";

    /// <summary>What is written could become anything.</summary>
    public bool PreventsWriting => Kind is "trigger" || (IsOurs && Kind is "table" or "index");
}

/// <summary>
/// Compares what a file says of its tables, indexes, views and triggers with what this program makes, before anything
/// is read by them: a view in a table's place can answer for ever, and the views that people are told to use could show
/// them another log.
/// </summary>
internal static class SchemaCheck
{
    /// <summary>More than ours several times; of more there is no end to tell.</summary>
    private const int MaxObjects = 256;

    /// <summary>Ours are shorter.</summary>
    private const int MaxSqlBytes = 16 << 10;

    private const int MaxShownChars = 80;

    private static readonly ConcurrentDictionary<long, IReadOnlyDictionary<string, (string Kind, string? Sql)>> OfVersions = new();

    /// <returns>Empty where it is ours as it should be.</returns>
    public static IReadOnlyList<SchemaDifference> Compare(Database database)
    {
        var version = database.Number("PRAGMA user_version") ?? 0;
        var expected = OfVersions.GetOrAdd(version, static version => Made(Schema.Steps.Take((int)version)));
        return Compare(database, expected);
    }

    /// <param name="steps">What should have made it.</param>
    public static IReadOnlyList<SchemaDifference> Compare(Database database, IEnumerable<string> steps) => Compare(database, Made(steps));

    private static List<SchemaDifference> Compare(Database database, IReadOnlyDictionary<string, (string Kind, string? Sql)> expected)
    {
        var differences = new List<SchemaDifference>();
        if (database.Text("PRAGMA encoding") is not "UTF-8" and var encoding)
            differences.Add(new SchemaDifference("table", "(all)", "names in UTF-8", $"{encoding}", IsOurs: true));
        var missing = expected.Keys.ToHashSet(StringComparer.Ordinal);
        var roots = new Dictionary<long, string>();
        foreach (var (kind, name, sql, root) in Objects(database))
        {
            if (root != 0 && !roots.TryAdd(root, kind))
                differences.Add(new SchemaDifference(kind is "table" ? roots[root] : kind, name, "a place of its own in the file", $"that of another, page {root}", IsOurs: true));
            if (expected.TryGetValue(name, out var ours))
            {
                missing.Remove(name);
                if ((kind, sql) != ours) differences.Add(new SchemaDifference(ours.Kind, name, Made(ours.Kind, name), Other(kind, name, sql), IsOurs: true));
            }
            else if (!IsOfSqlite(kind, name))
            {
                differences.Add(new SchemaDifference(kind, name, "nothing but what this program makes", Other(kind, name, sql), IsOurs: false));
            }
        }

        differences.AddRange(missing.Order(StringComparer.Ordinal).Select(name =>
            new SchemaDifference(expected[name].Kind, name, Made(expected[name].Kind, name), "none", IsOurs: true)));
        return differences;
    }

    /// <summary>What SQLite makes by itself, and when it is told to analyze.</summary>
    private static bool IsOfSqlite(string kind, string name) =>
        kind is "table" or "index" && name.StartsWith("sqlite_", StringComparison.Ordinal);

    private static string Made(string kind, string name) => $"the {kind} '{name}' as this program makes it";

    private static string Other(string kind, string name, string? sql) => $"{(kind is "index" ? "an" : "a")} {Shown(kind)} '{Shown(name)}': {Shown(sql ?? "(by SQLite itself)")}";

    /// <summary>On one line.</summary>
    private static string Shown(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxShownChars ? line : line[..(char.IsHighSurrogate(line[MaxShownChars - 1]) ? MaxShownChars - 1 : MaxShownChars)] + "…";
    }

    private static Dictionary<string, (string Kind, string? Sql)> Made(IEnumerable<string> steps)
    {
        using var database = Database.Open(":memory:", TimeSpan.Zero);
        foreach (var step in steps) database.Execute(step);
        return Objects(database).ToDictionary(made => made.Name, made => (made.Kind, made.Sql), StringComparer.Ordinal);
    }

    private static List<(string Kind, string Name, string? Sql, long Root)> Objects(Database database)
    {
        var found = new List<(string, string, string?, long)>();
        using var rows = database.PrepareOnce("SELECT type, name, sql, rootpage FROM sqlite_master");
        while (rows.Step())
        {
            if (found.Count == MaxObjects)
                throw new DatabaseException(SQLitePCL.raw.SQLITE_CORRUPT, $"its schema has more than {MaxObjects} tables, indexes, views and triggers");
            found.Add((
                Text(rows, 0),
                Text(rows, 1),
                rows.IsNull(2) ? null : Text(rows, 2),
                rows.Int64(3)));
        }

        return found;
    }

    private static string Text(Statement row, int column) => row.Length(column) <= MaxSqlBytes
        ? row.Text(column)
        : string.Create(CultureInfo.InvariantCulture, $"({row.Length(column)} bytes)");
}
