using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>Metrics of a test's own, and what is recorded of them.</summary>
public sealed class RecordedMetrics : IDisposable
{
    private readonly Meter meter = new(TextStreamsTelemetry.Name);
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<Recorded> recorded = new();
    private readonly ConcurrentDictionary<string, Instrument> instruments = new();

    public RecordedMetrics()
    {
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter != meter) return;
            instruments[instrument.Name] = instrument;
            to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        Metrics = new StreamMetrics(meter);
    }

    internal StreamMetrics Metrics { get; }

    /// <summary>All that there are, whether or not anything was recorded.</summary>
    public IReadOnlyCollection<Instrument> Instruments => [.. instruments.Values];

    /// <summary>How many measurements were made, of all instruments.</summary>
    public int Count => recorded.Count;

    /// <summary>All measurements of an instrument.</summary>
    public IReadOnlyList<Recorded> Of(string name) => [.. recorded.Where(each => each.Name == name)];

    public double SumOf(string name, string labels = "") => Of(name).Where(each => each.Labels.Contains(labels, StringComparison.Ordinal)).Sum(each => each.Value);

    /// <summary>The different labels that an instrument was recorded with, as <c>name=value,…</c>, by name.</summary>
    public IReadOnlyCollection<string> SeriesOf(string name) => [.. Of(name).Select(each => each.Labels).Distinct()];

    /// <summary>What a gauge says now.</summary>
    public double ValueOf(string name, string labels = "")
    {
        listener.RecordObservableInstruments();
        return Of(name).Last(each => each.Labels == labels).Value;
    }

    public override string ToString() => string.Join('\n', recorded);

    public void Dispose()
    {
        listener.Dispose();
        meter.Dispose();
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        recorded.Enqueue(new Recorded(
            instrument.Name, value, string.Join(',', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"))));

    public sealed record Recorded(string Name, double Value, string Labels);
}
