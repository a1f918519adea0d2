using System.Diagnostics;

namespace EventSourcedStreams.EventLogBench;

/// <summary>What one run took.</summary>
/// <param name="Cpu">Of the whole process, user and system.</param>
/// <param name="ServerCpu">Of the process that holds the log, where that is another one.</param>
internal sealed record Figures(int Events, TimeSpan Wall, TimeSpan Cpu, TimeSpan ServerCpu)
{
    public double PerSecond => Events / Wall.TotalSeconds;

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Events;

    public double ServerCpuMicroseconds => ServerCpu.TotalMicroseconds / Events;

    public static async Task<Figures> OfAsync(Func<Task<int>> run, Process? server = null)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, serverCpu) = (CpuOf(process), CpuOf(server));
        var begun = Stopwatch.GetTimestamp();
        var events = await run();
        var wall = Stopwatch.GetElapsedTime(begun);
        return new Figures(events, wall, CpuOf(process) - cpu, CpuOf(server) - serverCpu);
    }

    /// <summary>The middle one by speed.</summary>
    public static Figures Median(IEnumerable<Figures> runs)
    {
        var sorted = runs.OrderBy(f => f.PerSecond).ToArray();
        return sorted[sorted.Length / 2];
    }

    private static TimeSpan CpuOf(Process? process)
    {
        process?.Refresh();
        return process?.TotalProcessorTime ?? default;
    }
}
