using System.Runtime;

namespace EventSourcedStreams.Web;

/// <summary>
/// Gives memory back to the system after a storm. The runtime collects when something is allocated, so a server that
/// has become quiet would keep what it had at its busiest. One that is busy is left alone.
/// </summary>
internal sealed class MemoryReturn(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Bytes that are allocated in an interval of a quiet server.</summary>
    private const long Quiet = 32L * 1024 * 1024;

    /// <summary>Less is not worth a pause.</summary>
    private const long Worth = 48L * 1024 * 1024;

    /// <summary>What is pooled is let go of bit by bit: so often is looked again, a minute apart.</summary>
    private const int Rounds = 4;
    private const int LooksBetween = 4;

    private long allocated;
    private long rest;
    private int looks;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rest = Environment.WorkingSet;
        using var ticks = new PeriodicTimer(Interval, time);
        while (await ticks.WaitForNextTickAsync(stoppingToken)) Look();
    }

    private void Look()
    {
        var now = GC.GetTotalAllocatedBytes();
        var isQuiet = now - allocated < Quiet;
        allocated = now;
        var held = Environment.WorkingSet;
        if (!isQuiet || held < rest + Worth)
        {
            looks = 0;
            return;
        }

        if (looks++ % LooksBetween != 0) return;
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (looks > LooksBetween * (Rounds - 1)) rest = Math.Max(rest, Environment.WorkingSet);  // what stays is in use
    }
}
