using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>Listeners of an app's own, to the meter and to the spans, some of whose calls throw. They hear all of the
/// process: a test with them runs alone.</summary>
public sealed class ThrowingListeners : IDisposable
{
    private readonly MeterListener meters = new();
    private readonly ActivityListener spans;
    private readonly Func<string, int, bool> throws;
    private readonly bool isOn;
    private int calls;
    private int thrown;

    /// <param name="throws">Asked for each call by its kind, one of <see cref="Kinds"/>, and its number, from
    /// 1.</param>
    public ThrowingListeners(Func<string, int, bool> throws)
    {
        // Else the process would be without spans for good, had the first call thrown.
        RuntimeHelpers.RunClassConstructor(typeof(StreamTracing).TypeHandle);
        this.throws = throws;
        meters.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name != TextStreamsTelemetry.Name) return;
            to.EnableMeasurementEvents(instrument);
            Called("published");
        };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => Called("measured"));
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => Called("measured"));
        meters.Start();
        spans = new ActivityListener
        {
            ShouldListenTo = source =>
            {
                if (IsOurs(source)) Called("source");
                return IsOurs(source);
            },
            Sample = (ref _) =>
            {
                Called("sampled");
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = _ => Called("started"),
            ActivityStopped = _ => Called("stopped"),
        };
        ActivitySource.AddActivityListener(spans);
        Activity.CurrentChanged += CurrentChanged;
        isOn = true;                                                             // before: what is there already
    }

    /// <summary>An instrument or a source is new, a value is recorded, a span is to be sampled, has begun, is over, or
    /// another one is current.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["published", "source", "measured", "sampled", "started", "stopped", "current"];

    public int Calls => Volatile.Read(ref calls);

    /// <summary>How many calls threw.</summary>
    public int Thrown => Volatile.Read(ref thrown);

    public void Dispose()
    {
        Activity.CurrentChanged -= CurrentChanged;
        spans.Dispose();
        meters.Dispose();
    }

    private static bool IsOurs(ActivitySource? source) => source?.Name == TextStreamsTelemetry.Name;

    private void CurrentChanged(object? sender, ActivityChangedEventArgs change)
    {
        if (IsOurs(change.Current?.Source) || IsOurs(change.Previous?.Source)) Called("current");
    }

    private void Called(string kind)
    {
        if (!isOn || !throws(kind, Interlocked.Increment(ref calls))) return;
        Interlocked.Increment(ref thrown);
        throw new InvalidOperationException($"A listener of the app's own has failed when something was {kind}.");
    }
}
