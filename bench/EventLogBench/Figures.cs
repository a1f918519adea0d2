using System.Diagnostics;

namespace EventSourcedStreams.EventLogBench;

/// <summary>What one run took.</summary>
/// <param name="Cpu">Of the whole process, user and system.</param>
internal sealed record Figures(int Events, TimeSpan Wall, TimeSpan Cpu)
{
    public double PerSecond => Events / Wall.TotalSeconds;

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Events;

    public static async Task<Figures> OfAsync(Func<Task<int>> run)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var begun = Stopwatch.GetTimestamp();
        var events = await run();
        var wall = Stopwatch.GetElapsedTime(begun);
        process.Refresh();
        return new Figures(events, wall, process.TotalProcessorTime - cpu);
    }

    /// <summary>The middle one by speed.</summary>
    public static Figures Median(IEnumerable<Figures> runs)
    {
        var sorted = runs.OrderBy(f => f.PerSecond).ToArray();
        return sorted[sorted.Length / 2];
    }
}
