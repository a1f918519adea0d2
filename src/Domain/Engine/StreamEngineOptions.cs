
namespace EventSourcedStreams.Domain;

/// <summary>How an engine works, whatever log it stands on.</summary>
internal sealed record StreamEngineOptions
{
    /// <summary>Bytes of memory for all text that this node holds.</summary>
    public long MemoryLimit { get; init; } = TextMemory.UsualLimit;

    public DrivingLimits Driving { get; init; } = new();

    public SweepRules Sweep { get; init; } = SweepRules.Default;

    /// <summary>How often the recovery looks.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When silence ends a stream that does not say so itself.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>How long a stop may take to write the endings of what this node drives.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);
}
