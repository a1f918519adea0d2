using System.Diagnostics;

namespace EventSourcedStreams.Domain;

/// <summary>One append, from its first try to its certain outcome; disposed of without one, it was given up.</summary>
internal sealed class AppendTelemetry : IDisposable
{
    private readonly StreamTelemetry telemetry;
    private readonly Append append;
    private readonly TimeSpan begunAt;
    private readonly Activity? span;
    private string outcome = "given-up";

    public AppendTelemetry(StreamTelemetry telemetry, Append append)
    {
        (this.telemetry, this.append) = (telemetry, append);
        begunAt = telemetry.Now;
        span = StreamTracing.StartAppend(append.Stream, append.Events.Count);
    }

    public void Ended(AppendOutcome how)
    {
        outcome = how switch
        {
            AppendOutcome.Appended => "appended",
            AppendOutcome.Lost => "lost",
            AppendOutcome.Deleted => "deleted",
            _ => "unknown",
        };
        if (how is AppendOutcome.Appended appended)
        {
            span?.SetTag("stream.revision", appended.Last);
            if (append.Events.Any(IsLifecycle)) telemetry.CatalogLag.Written(appended.Position);
        }

        // To create what is there already is no race.
        if (how is AppendOutcome.Lost && append.Expected.Revision != Revision.None) telemetry.Metrics.Conflicts.Add(1);
    }

    public void Dispose()
    {
        telemetry.Metrics.AppendDuration.Record((telemetry.Now - begunAt).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        if (span is null) return;
        span.SetTag("append.outcome", outcome);
        if (outcome is "given-up" or "unknown") span.Fail(outcome);
        span.Dispose();
    }

    private static bool IsLifecycle(StreamEvent @event) => EventKinds.KindOf(@event) == EventKind.Lifecycle;
}
