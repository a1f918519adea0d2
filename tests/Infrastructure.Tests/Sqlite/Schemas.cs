using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

internal static class Schemas
{
    /// <summary>Version, tables, indexes and views, as SQL.</summary>
    public static string Of(string file)
    {
        using var database = Database.Open(file, TimeSpan.FromSeconds(10));
        using var rows = database.Prepare("SELECT type, name, sql FROM sqlite_master ORDER BY type, name");
        var all = $"version {database.Number("PRAGMA user_version")}";
        while (rows.Step()) all += $"\n{rows.Text(0)} {rows.Text(1)}: {rows.Text(2)}";
        return all;
    }
}
