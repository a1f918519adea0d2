namespace EventSourcedStreams.NodesTest;

/// <summary>What was looked at, and what was not as it has to be.</summary>
internal sealed class Findings
{
    public int Checks { get; private set; }

    public int Failed { get; private set; }

    public void Check(bool holds, string otherwise)
    {
        Checks++;
        if (holds) return;
        Failed++;
        Console.WriteLine($"FOUND: {otherwise}");
    }
}
