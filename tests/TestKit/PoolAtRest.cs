using System.Diagnostics;

namespace EventSourcedStreams.TestKit;

/// <summary>Whether the thread pool works on anything but what it works on all the time: the test runner keeps threads
/// of it, another test may compute, and a test may hold a thread on purpose.</summary>
internal static class PoolAtRest
{
    /// <summary>For one wait. A thread that stands still for a second lets a clock go on by twenty steps, and not by
    /// hundreds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    /// <summary>After so many waits in vain the threads that worked all the while count as working all the
    /// time.</summary>
    private const int MostInVain = 20;

    /// <summary>For what is asked of a list of streams: no test keeps one from answering for long.</summary>
    private static readonly TimeSpan AskedLimit = TimeSpan.FromSeconds(10);

    // Of all tests of the process. They may overtake each other here: it costs some waits in vain.
    private static int usual = 1;                                                // the one that asks
    private static int inVain;
    private static int leastInVain = int.MaxValue;

    /// <summary>Waits until it is at rest, and no list of streams is asked, or the limit has passed.</summary>
    public static async Task WaitAsync()
    {
        for (var watch = Stopwatch.StartNew(); AskedCatalog.Asked > 0 && watch.Elapsed < AskedLimit;) await Task.Delay(1).ConfigureAwait(false);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Limit; await Task.Delay(1).ConfigureAwait(false))
        {
            var working = Working();
            if (working <= usual && ThreadPool.PendingWorkItemCount == 0)
            {
                (usual, inVain, leastInVain) = (working, 0, int.MaxValue);
                return;
            }

            leastInVain = Math.Min(leastInVain, working);
        }

        if (Interlocked.Increment(ref inVain) >= MostInVain) (usual, inVain, leastInVain) = (Math.Max(1, leastInVain), 0, int.MaxValue);
    }

    /// <summary>Threads that are at a work item, or have been woken for one.</summary>
    private static int Working()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free;
    }
}
