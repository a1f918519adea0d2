using System.Collections.Concurrent;

namespace EventSourcedStreams.SoakTest;

/// <summary>What was looked at, and what was not as it has to be; each kind of fault is said once.</summary>
internal sealed class SoakFindings
{
    private readonly ConcurrentDictionary<string, int> said = new(StringComparer.Ordinal);
    private int checks;
    private int failed;

    public int Checks => checks;

    public int Failed => failed;

    public void Check(bool holds, string otherwise)
    {
        Interlocked.Increment(ref checks);
        if (holds) return;
        Interlocked.Increment(ref failed);
        if (said.TryAdd(otherwise, 0)) Console.WriteLine($"FOUND: {otherwise}");
    }
}
