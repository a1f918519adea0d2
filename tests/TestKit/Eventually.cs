using System.Diagnostics;

namespace EventSourcedStreams.TestKit;

public static class Eventually
{
    /// <summary>When a test gives up waiting for what has to come: no promise of anything, and long, because a machine
    /// may be busy with other things for as long as it likes.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Waits for a named condition; at the limit it says what it waited for. A condition may move a clock on:
    /// it is asked again only when the thread pool is through with what that set off.</summary>
    public static async Task UntilAsync(string what, Func<bool> condition, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        for (var moves = ManualTime.Moves; !condition(); moves = ManualTime.Moves)
        {
            if (watch.Elapsed > (limit ?? Limit)) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(2);
            await CaughtUpAsync(hasMoved: ManualTime.Moves != moves);
        }
    }

    public static async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        for (var moves = ManualTime.Moves; !await condition(); moves = ManualTime.Moves)
        {
            if (watch.Elapsed > (limit ?? Limit)) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(5);
            await CaughtUpAsync(hasMoved: ManualTime.Moves != moves);
        }
    }

    /// <summary>Lets the thread pool end what it is at, and what that queues, so that a clock that a test moves does
    /// not run away from the code that it wakes: not from a thread of it either that the machine has stopped for a
    /// moment, or that waits for a disk.</summary>
    public static Task CaughtUpAsync() => CaughtUpAsync(hasMoved: true);

    /// <summary>Lets the thread pool begin what is queued, and what that queues.</summary>
    public static async Task BegunAsync()
    {
        for (var i = 0; i < 8; i++) await Task.Run(static () => { });
        for (var i = 0; i < 20 && ThreadPool.PendingWorkItemCount > 0; i++) await Task.Run(static () => { });
    }

    private static async Task CaughtUpAsync(bool hasMoved)
    {
        await BegunAsync();
        if (hasMoved) await PoolAtRest.WaitAsync();
    }
}
