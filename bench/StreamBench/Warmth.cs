using System.Runtime;

namespace EventSourcedStreams.StreamBench;

/// <summary>
/// Work that does not count, before what does. A method is compiled at its first call, and again, better, after 30
/// calls and once more after that; what is called once a stream is at its best after some 60 streams. Until then the
/// compiler takes one of two cores now and then for some milliseconds, and a token that comes meanwhile waits.
/// </summary>
internal static class Warmth
{
    /// <summary>With nothing to do at the end of a round, the compiler gets to what the round made due.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);

    /// <summary>So few methods in a round are those that ran seldom.</summary>
    private const int Few = 10;

    /// <summary>In so many rounds one after another.</summary>
    private const int Calm = 2;

    private const int Most = 40;

    /// <summary>Works until the compiler is at rest, in the server and in this process.</summary>
    /// <param name="workAsync">A round, with some <see cref="Rest"/> at its end.</param>
    public static async Task SettleAsync(ServerUnderTest server, Func<Task> workAsync)
    {
        var (before, calm, rounds) = (await CompiledAsync(server), 0, 0);
        for (; calm < Calm && rounds < Most; rounds++)
        {
            await workAsync();
            var now = await CompiledAsync(server);
            calm = now - before < Few ? calm + 1 : 0;
            before = now;
        }

        Console.Error.WriteLine(calm < Calm ? $"Still compiling after {rounds} rounds." : $"Warm after {rounds} rounds.");
    }

    private static async Task<long> CompiledAsync(ServerUnderTest server) => (await server.UsedAsync()).Methods + JitInfo.GetCompiledMethodCount();
}
