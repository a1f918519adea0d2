using System.Diagnostics;

namespace EventSourcedStreams.Domain;

/// <summary>What is told of one stream while this node drives it. Its runner calls it under its own lock, or from the
/// loop that appends.</summary>
internal sealed class DriveTelemetry
{
    private readonly StreamTelemetry telemetry;
    private readonly StreamEvent.StreamCreated created;
    private readonly string? provider;
    private readonly string? model;
    private readonly TimeSpan askedAt;
    private TimeSpan? firstAt;
    private TimeSpan lastAt;
    private long pieces;
    private long toldPieces;
    private MetricLabels.Usage? usage;
    private ModelCall? call;
    private Activity? span;

    /// <param name="askedAt">When the driver asked for it, monotonic.</param>
    public DriveTelemetry(StreamTelemetry telemetry, StreamEvent.StreamCreated created, string? provider, string? model, TimeSpan askedAt)
    {
        (this.telemetry, this.created, this.provider, this.model, this.askedAt) = (telemetry, created, provider, model, askedAt);
    }

    private StreamMetrics Metrics => telemetry.Metrics;

    /// <summary>The span of the whole drive begins, made current.</summary>
    public void Start() => span = StreamTracing.StartDrive(created.Id, created.Source);

    /// <summary>The claim has won: whatever follows the stream on this node follows this drive.</summary>
    public void Claimed()
    {
        if (span is not null) telemetry.Links.Driven(created.Id, span.Context);
    }

    /// <summary>The source's run, made current, until it has completed or failed.</summary>
    public ModelCall StartSource() => call = new ModelCall(telemetry, created.Id, created.Source, provider, model);

    /// <summary>A piece of text has come.</summary>
    /// <param name="now">Monotonic.</param>
    public void TextCame(TimeSpan now)
    {
        pieces++;
        lastAt = now;
        if (firstAt is null) FirstTextCame(now);
    }

    /// <summary>A batch is durable.</summary>
    /// <param name="bytes">Of text; 0 where it was an ending alone.</param>
    public void Saved(long bytes)
    {
        if (bytes == 0 || usage is null) return;
        var more = Interlocked.Read(ref pieces) - toldPieces;
        toldPieces += more;
        Metrics.BatchSize.Record(bytes);
        if (more > 0) Metrics.Tokens.Add(more, new("source", usage.Source), new("model", usage.Model));
        Metrics.UsedText.Add(bytes, new("source", usage.Source), new("model", usage.Model), new("tenant", usage.Tenant));
    }

    /// <summary>The ending that this node has written is durable.</summary>
    public void Ended(StreamEvent.Ending ending)
    {
        telemetry.CountEnding(ending, created.Source);
        TellUsage((ending as StreamEvent.StreamCompleted)?.Usage);
        if (firstAt is { } first && lastAt > first && pieces > 1)
            Metrics.TokenRate.Record((pieces - 1) / (lastAt - first).TotalSeconds, new("source", usage!.Source), new("model", usage.Model));
        telemetry.Logger.StreamEnded(
            created.Id, ending.Status, StreamTelemetry.CauseOf(ending), ending.Length, ending.Chunks, pieces,
            (telemetry.Now - askedAt).TotalSeconds, firstAt is { } came ? (came - askedAt).TotalSeconds : null,
            BoundedNames.Clean(created.Source), BoundedNames.Clean(model));
        span?.SetTag("stream.status", ending.Status.Name()).SetTag("stream.length", ending.Length).SetTag("stream.chunks", ending.Chunks);
        if (ending is StreamEvent.StreamFailed failed) span.Fail(BoundedNames.Clean(failed.Code));
    }

    /// <summary>The driver was left before the end: it was too slow, or is gone.</summary>
    public void DriverDropped(bool wasSlow) => Metrics.DroppedDrivers.Add(1, new KeyValuePair<string, object?>("reason", wasSlow ? "slow" : "gone"));

    /// <summary>The span is over; whatever follows from now on is no follower of this drive.</summary>
    public void Over()
    {
        if (span is null) return;
        telemetry.Links.Over(created.Id, span.Context);
        StreamTracing.End(span);
    }

    private void FirstTextCame(TimeSpan now)
    {
        firstAt = now;
        usage = Metrics.Labels.UsageOf(created.Source, model, created.Labels[StreamTelemetry.TenantLabel]);
        Metrics.TimeToFirstToken.Record((now - askedAt).TotalSeconds, new("source", usage.Source), new("model", usage.Model));
        call?.FirstTextCame(now);
    }

    private void TellUsage(string? providers)
    {
        if (usage is null) return;
        var used = TokenUsage.Of(providers);
        Tell(used.Input, "input");
        Tell(used.Output, "output");

        void Tell(long? count, string type)
        {
            if (count is > 0)
                Metrics.UsedTokens.Add(count.Value, [new("source", usage.Source), new("model", usage.Model), new("tenant", usage.Tenant), new("type", type)]);
        }
    }
}
