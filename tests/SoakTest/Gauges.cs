using System.Globalization;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.SoakTest;

/// <summary>What the server holds, over time: the last third of the run is held against the one before it.</summary>
internal sealed class Gauges(WebProcess server, string folder)
{
    private const long MiB = 1024 * 1024;

    /// <summary>Between two looks at the same work.</summary>
    private const long MemorySlack = 64 * MiB;
    private const int HandleSlack = 60;

    /// <summary>The server empties its write-ahead log at 4 MiB, and pauses its writer at 32.</summary>
    private const long MostWal = 64 * MiB;

    /// <summary>After the storm the server may hold twice what it held before.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromMinutes(5);

    private long atStart;

    private readonly List<(long Memory, int Handles, long Wal)> seen = [];

    public void Begin() => atStart = Memory();

    /// <summary>Waits until the memory has gone back, as long as that may take.</summary>
    public async Task CheckReturnAsync(SoakFindings findings)
    {
        var began = DateTime.UtcNow;
        while (Memory() > 2 * atStart && DateTime.UtcNow - began < ReturnTime) await Task.Delay(TimeSpan.FromSeconds(1));
        Console.WriteLine($"MiB of memory: {atStart / MiB} at the start, {Memory() / MiB} after {(DateTime.UtcNow - began).TotalSeconds:0} s of quiet");
        findings.Check(Memory() <= 2 * atStart, $"memory does not go back: {Memory() / MiB} MiB after the storm, {atStart / MiB} before it");
    }

    /// <summary>Looks until it is cancelled.</summary>
    public async Task WatchAsync(TimeSpan every, CancellationToken ct)
    {
        using var ticks = new PeriodicTimer(every);
        try
        {
            while (await ticks.WaitForNextTickAsync(ct)) Look();
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    public void Check(SoakFindings findings)
    {
        findings.Check(seen.Count >= 6, "too little was seen");
        var third = seen.Count / 3;
        var (before, after) = (seen[third..(2 * third)], seen[(2 * third)..]);
        Compare(before, after, look => look.Memory, MemorySlack, MiB, "MiB of memory", findings);
        Compare(before, after, look => look.Handles, HandleSlack, 1, "handles", findings);
        var wal = seen.Max(look => look.Wal);
        findings.Check(wal <= MostWal, $"the write-ahead log grew to {wal / MiB} MiB");
        Console.WriteLine($"the write-ahead log: at most {wal / MiB} MiB");
    }

    private static void Compare(
        List<(long, int, long)> before, List<(long, int, long)> after, Func<(long Memory, int Handles, long Wal), long> of,
        long slack, long unit, string what, SoakFindings findings)
    {
        var (first, last) = (Median(before, of), Median(after, of));
        Console.WriteLine($"{what}: {first / unit} in the middle of the run, {last / unit} at its end");
        findings.Check(last <= (first * 5 / 4) + slack, $"{what} grow: from {first / unit} to {last / unit}");
    }

    private static long Median(List<(long, int, long)> looks, Func<(long, int, long), long> of)
    {
        var sorted = looks.Select(of).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private void Look()
    {
        var wal = new FileInfo(Path.Combine(folder, "log.db-wal"));
        var look = (Memory(), Directory.GetFiles($"/proc/{server.Id}/fd").Length, wal.Exists ? wal.Length : 0);
        seen.Add(look);
        Console.WriteLine($"  {look.Item1 / MiB} MiB, {look.Item2} handles, write-ahead log {look.Item3 / MiB} MiB");
    }

    private long Memory()
    {
        const string Name = "VmRSS:";
        var line = File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Name.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }
}
