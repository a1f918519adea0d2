using System.Diagnostics.Metrics;

namespace EventSourcedStreams.Domain;

/// <summary>
/// The instruments of text streams, made once a host. docs/observability.md lists them. Nothing is recorded for a
/// single token: what is counted by token is added when a batch is durable.
/// </summary>
internal sealed class StreamMetrics
{
    private static readonly double[] Seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];
    private static readonly double[] ModelSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] ModelTokens = [.. Enumerable.Range(0, 14).Select(power => Math.Pow(4, power))];
    private static readonly double[] Bytes = [16, 64, 256, 1024, 4096, 16384, 65536, 262144, 524288];
    private static readonly double[] Rates = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 20000, 100000];

    private static readonly Lazy<StreamMetrics> Own = new(() => new StreamMetrics(new Meter(TextStreamsTelemetry.Name)));

    /// <param name="meter">Named <see cref="TextStreamsTelemetry.Name"/>; its owner keeps it.</param>
    public StreamMetrics(Meter meter)
    {
        HarmlessHistogram Measured(string name, string unit, double[] buckets, string description) => new(Harmless.Made(() => meter.CreateHistogram(
            name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets })));
        HarmlessCounter Counted(string name, string unit, string description) => new(Harmless.Made(() => meter.CreateCounter<long>(name, unit, description)));

        Live = new(meter, "textstreams.live", "{stream}", "Streams that this node drives.");
        Followers = new(meter, "textstreams.followers", "{follower}", "Followers of streams on this node.");
        Unsaved = new(meter, "textstreams.unsaved", "By", "Text that is not durable yet.");
        MemoryUsed = new(meter, "textstreams.memory.used", "By", "Memory for text that is in use.", "use");
        MemoryLimit = new(meter, "textstreams.memory.limit", "By", "The budget of memory for text.");
        LogAvailable = new(meter, "textstreams.log.available", null, "1 while the event log takes this node's writes, else 0.");
        LogSize = new(meter, "textstreams.log.size", "By", "Size of the files of the log and the directory.", "file");
        LogQueue = new(meter, "textstreams.log.queue", "{append}", "Appends that wait for the embedded log's writer.");
        DiskFree = new(meter, "textstreams.disk.free", "By", "Free space where the log and the directory lie.");
        DiskSize = new(meter, "textstreams.disk.size", "By", "Size of the disk where the log and the directory lie.");
        BackupTime = new(meter, "textstreams.backup.time", "s", "When the newest backup was made, in seconds since 1970.");
        CheckpointLag = new(meter, "textstreams.checkpoint.lag", "s", "Age of the oldest event that a reader of the log has not taken in.", "reader");
        TimeToFirstToken = Measured("textstreams.time_to_first_token", "s", ModelSeconds, "From the request to drive to the first text.");
        TokenRate = Measured("textstreams.token.rate", "{token}/s", Rates, "Pieces of text a second over a stream's life, as its source gave them.");
        AppendDuration = Measured("textstreams.append.duration", "s", Seconds, "From an append's first try to its certain outcome.");
        BatchSize = Measured("textstreams.batch.size", "By", Bytes, "Text in one append.");
        Tokens = Counted("textstreams.tokens", "{token}", "Pieces of text, as sources gave them, once they are durable.");
        Endings = Counted("textstreams.endings", "{stream}", "Streams whose ending this node has written.");
        Deletions = Counted("textstreams.deletions", "{stream}", "Streams that this node has deleted.");
        Conflicts = Counted("textstreams.conflicts", "{append}", "Appends that lost to another writer.");
        DroppedDrivers = Counted("textstreams.drivers.dropped", "{driver}", "Drivers that were left before their stream's end.");
        Outages = Counted("textstreams.outages", "{outage}", "Times that the event log stopped taking this node's writes.");
        Sweeps = Counted("textstreams.sweeps", "{sweep}", "Looks of the sweeper at all candidates.");
        SweptStreams = Counted("textstreams.sweeps.streams", "{stream}", "Streams that the sweeper has ended or removed.");
        LostNodes = Counted("textstreams.nodes.lost", "{node}", "Other nodes that this one has found dead or stopped, with streams left.");
        UsedTokens = Counted("textstreams.usage.tokens", "{token}", "Tokens as the provider's usage says, of streams that ended.");
        UsedText = Counted("textstreams.usage.text", "By", "Text that has become durable.");
        ModelDuration = Measured("gen_ai.client.operation.duration", "s", ModelSeconds, "GenAI operation duration.");
        ModelFirstChunk = Measured("gen_ai.client.operation.time_to_first_chunk", "s", ModelSeconds, "Time to receive the first chunk.");
        ModelTokenUsage = Measured("gen_ai.client.token.usage", "{token}", ModelTokens, "Number of input and output tokens used.");
        foreach (var counter in new[] { Conflicts, Outages, Sweeps, SweptStreams, LostNodes, Deletions }) counter.Add(0);
    }

    /// <summary>For an engine that no host gave any.</summary>
    public static StreamMetrics OfProcess => Own.Value;

    public MetricLabels Labels { get; } = new();

    public ObservedValue Live { get; }

    public ObservedValue Followers { get; }

    public ObservedValue Unsaved { get; }

    /// <summary>By <c>use</c>.</summary>
    public ObservedValue MemoryUsed { get; }

    public ObservedValue MemoryLimit { get; }

    public ObservedValue LogAvailable { get; }

    /// <summary>By <c>file</c>.</summary>
    public ObservedValue LogSize { get; }

    public ObservedValue LogQueue { get; }

    public ObservedValue DiskFree { get; }

    public ObservedValue DiskSize { get; }

    public ObservedValue BackupTime { get; }

    /// <summary>By <c>reader</c>.</summary>
    public ObservedValue CheckpointLag { get; }

    public HarmlessHistogram TimeToFirstToken { get; }

    public HarmlessHistogram TokenRate { get; }

    public HarmlessHistogram AppendDuration { get; }

    public HarmlessHistogram BatchSize { get; }

    public HarmlessCounter Tokens { get; }

    public HarmlessCounter Endings { get; }

    public HarmlessCounter Deletions { get; }

    public HarmlessCounter Conflicts { get; }

    public HarmlessCounter DroppedDrivers { get; }

    public HarmlessCounter Outages { get; }

    public HarmlessCounter Sweeps { get; }

    public HarmlessCounter SweptStreams { get; }

    public HarmlessCounter LostNodes { get; }

    public HarmlessCounter UsedTokens { get; }

    public HarmlessCounter UsedText { get; }

    public HarmlessHistogram ModelDuration { get; }

    public HarmlessHistogram ModelFirstChunk { get; }

    public HarmlessHistogram ModelTokenUsage { get; }
}
