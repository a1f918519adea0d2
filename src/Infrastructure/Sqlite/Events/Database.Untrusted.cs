using SQLitePCL;

namespace EventSourcedStreams.Sqlite;

/// <summary>A connection to a file that may have been made to harm its reader.</summary>
internal sealed partial class Database
{
    /// <summary>The longest value or row that is read, in bytes: the longest event that any surface takes fits
    /// twice.</summary>
    private const int LongestValue = 32 << 20;

    /// <summary>Of SQLite, in the whole process.</summary>
    private const long MostHeap = 256L << 20;

    private ReadBudget? budget;

    /// <summary>As <see cref="OpenReadOnly"/>. What stands in the schema is not believed: no view is read, no trigger
    /// runs, no function is called that is not harmless; and each question has its <see cref="ReadBudget"/>.</summary>
    public static Database OpenUntrusted(string path, TimeSpan busyTimeout) => OpenReadOnly(path, busyTimeout).Into(database =>
    {
        database.Distrust(new ReadBudget(path));
        return database;
    });

    /// <summary>Before a question, where it has a budget.</summary>
    public void RenewBudget() => budget?.Renew();

    /// <remarks>All of it before the first statement: that one reads the schema.</remarks>
    private void Distrust(ReadBudget limits)
    {
        budget = limits;
        const int EnableTriggers = 1003, Defensive = 1010, EnableViews = 1015, TrustedSchema = 1017;
        _ = raw.sqlite3_db_config(handle, Defensive, 1, out _);
        foreach (var off in new[] { EnableTriggers, EnableViews, TrustedSchema }) _ = raw.sqlite3_db_config(handle, off, 0, out _);
        const int Length = 0, Attached = 7, TriggerDepth = 10;
        _ = raw.sqlite3_limit(handle, Length, LongestValue);
        _ = raw.sqlite3_limit(handle, Attached, 0);
        _ = raw.sqlite3_limit(handle, TriggerDepth, 1);
        raw.sqlite3_progress_handler(handle, ReadBudget.StepsBetweenLooks, static limits => ((ReadBudget)limits).Look() ? 1 : 0, limits);
        limits.Renew();
        Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"PRAGMA hard_heap_limit={MostHeap}; PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON"));
    }
}
