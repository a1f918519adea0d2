using System.Collections.Concurrent;

namespace EventSourcedStreams.Domain;

/// <summary>
/// All that metrics tell streams apart by. A model or a tenant that a client names is taken in only once a stream of it
/// has text, so that names that are refused do not use the room up; and their combinations are bounded beside each.
/// </summary>
internal sealed class MetricLabels
{
    /// <summary>Of source, model and tenant.</summary>
    private const int MaxCombinations = 500;

    private readonly ConcurrentDictionary<Usage, byte> combinations = new();
    private int combined;

    public BoundedNames Sources { get; } = new(50);

    public BoundedNames Models { get; } = new(50);

    public BoundedNames Providers { get; } = new(50);

    public BoundedNames Tenants { get; } = new(200);

    /// <summary>Codes of endings and of errors.</summary>
    public BoundedNames Codes { get; } = new(50);

    /// <summary>What usage is counted by, of a stream that has text.</summary>
    public Usage UsageOf(string source, string? model, string? tenant)
    {
        var usage = new Usage(Sources.Admit(source), Models.Admit(model), Tenants.Admit(tenant));
        if (combinations.ContainsKey(usage)) return usage;
        if (Interlocked.Increment(ref combined) > MaxCombinations)
        {
            Interlocked.Decrement(ref combined);
            return new Usage(usage.Source, BoundedNames.Other, BoundedNames.Other);
        }

        if (!combinations.TryAdd(usage, 0)) Interlocked.Decrement(ref combined);
        return usage;
    }

    internal sealed record Usage(string Source, string Model, string Tenant);
}
