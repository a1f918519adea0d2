using System.Diagnostics.Metrics;

namespace EventSourcedStreams.Domain;

/// <summary>A value that is asked for when metrics are read. What has it feeds it: an engine, a store, a budget.
/// Several feeds with the same label are told as their sum.</summary>
internal sealed class ObservedValue
{
    private readonly Lock gate = new();
    private readonly string? label;
    private Feeding[] feeds = [];

    /// <param name="label">What tells its feeds apart; null: nothing.</param>
    public ObservedValue(Meter meter, string name, string? unit, string description, string? label = null)
    {
        this.label = label;
        _ = Harmless.Made(() => meter.CreateObservableGauge(name, Values, unit, description));
    }

    /// <summary>Asked until it is disposed; null from it: not known now.</summary>
    /// <param name="of">The label's value.</param>
    public IDisposable Feed(Func<double?> value, string? of = null)
    {
        var feed = new Feeding(this, value, of);
        lock (gate) feeds = [.. feeds, feed];
        return feed;
    }

    private IEnumerable<Measurement<double>> Values() =>
        from feed in Volatile.Read(ref feeds)
        let value = feed.Value()
        where value is not null
        group value.Value by feed.Of into same
        select label is null ? new Measurement<double>(same.Sum()) : new Measurement<double>(same.Sum(), KeyValuePair.Create(label, (object?)same.Key));

    private void Remove(Feeding feed)
    {
        lock (gate) feeds = [.. feeds.Where(other => other != feed)];
    }

    private sealed class Feeding(ObservedValue owner, Func<double?> value, string? of) : IDisposable
    {
        public Func<double?> Value => value;

        public string? Of => of;

        public void Dispose() => owner.Remove(this);
    }
}
