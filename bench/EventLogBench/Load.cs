namespace EventSourcedStreams.EventLogBench;

/// <summary>What one run of a load did.</summary>
/// <param name="Microseconds">Of each event, where one is waited for at a time.</param>
internal sealed record Load(int Events, IReadOnlyList<double> Microseconds)
{
    public Load(int events) : this(events, [])
    {
    }
}
