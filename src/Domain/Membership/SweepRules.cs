namespace EventSourcedStreams.Domain;

/// <param name="PendingTimeout">After how long an undriven stream ends.</param>
/// <param name="Retention">How long ended streams are kept that say nothing themselves; null: for ever.</param>
internal sealed record SweepRules(TimeSpan PendingTimeout, TimeSpan? Retention)
{
    public static SweepRules Default { get; } = new(TimeSpan.FromDays(1), null);
}
