namespace EventSourcedStreams.Sqlite;

internal static class Integrity
{
    /// <returns>What SQLite finds wrong with the file; empty where it is sound.</returns>
    public static IReadOnlyList<string> Check(string file, int max, CancellationToken ct)
    {
        var found = new List<string>();
        using var database = Database.OpenUntrusted(file, TimeSpan.FromSeconds(2));
        using var interrupting = ct.Register(database.Interrupt);
        try
        {
            var check = database.Prepare($"PRAGMA integrity_check({max})");
            while (check.Step()) found.Add(check.Text(0));
        }
        catch (DatabaseException e) when (!ct.IsCancellationRequested)
        {
            if (!e.IsDamage) throw new LogUnavailableException($"The log cannot be checked: {e.Message}", e);
            found.Add(e.Message);
        }
        catch (DatabaseException)
        {
            ct.ThrowIfCancellationRequested();
        }

        return found is ["ok"] ? [] : found;
    }
}
