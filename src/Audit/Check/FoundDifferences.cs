namespace EventSourcedStreams.Audit.Check;

/// <summary>What does not agree: counted, and the first ones kept to be told. A server may lie about
/// everything.</summary>
internal sealed class FoundDifferences
{
    private const int MaxKept = 1000;

    private readonly List<CheckFinding> kept = [];

    public IReadOnlyList<CheckFinding> Kept => kept;

    public long Count { get; private set; }

    public void Add(CheckFinding finding)
    {
        Count++;
        if (kept.Count < MaxKept) kept.Add(finding);
    }

    public void AddRange(IEnumerable<CheckFinding> findings)
    {
        foreach (var finding in findings) Add(finding);
    }
}
