using System.Diagnostics;

namespace EventSourcedStreams.TestKit;

public static class Eventually
{
    /// <summary>Waits for a named condition; after a minute it says what it waited for.</summary>
    public static async Task UntilAsync(string what, Func<bool> condition, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (limit ?? TimeSpan.FromMinutes(1))) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(2);
        }
    }

    public static async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (limit ?? TimeSpan.FromMinutes(1))) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(5);
        }
    }
}
