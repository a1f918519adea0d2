using System.Text.Json.Serialization;

namespace EventSourcedStreams.Audit.Stats;

/// <summary>What <c>stats --json</c> writes: one object. Times are RFC 3339 UTC, lengths UTF-8 bytes.</summary>
internal sealed record StatsView(long Streams, long Events, long StoredBytes, long TextBytes, long Chunks)
{
    public DateTime? FirstAt { get; init; }

    public DateTime? LastAt { get; init; }

    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }

    public required IReadOnlyDictionary<string, long> ByCause { get; init; }

    public required IReadOnlyDictionary<string, long> BySource { get; init; }

    /// <summary>Streams created, by day (UTC).</summary>
    public required IReadOnlyDictionary<string, long> ByDay { get; init; }

    public DistributionView? WaitingSeconds { get; init; }

    public DistributionView? FirstTokenSeconds { get; init; }

    public DistributionView? DurationSeconds { get; init; }

    public DistributionView? LengthBytes { get; init; }

    public DistributionView? ChunkBytes { get; init; }

    public DistributionView? GatheringSeconds { get; init; }

    public static StatsView Of(Statistics s) => new(s.Streams, s.Events, s.StoredBytes, s.TextBytes, s.Chunks)
    {
        FirstAt = s.FirstAt?.UtcDateTime,
        LastAt = s.LastAt?.UtcDateTime,
        ByStatus = s.ByStatus,
        ByCause = s.ByCause,
        BySource = s.BySource,
        ByDay = s.ByDay.ToDictionary(day => day.Key.ToString("yyyy-MM-dd"), day => day.Value),
        WaitingSeconds = DistributionView.Of(s.Waiting),
        FirstTokenSeconds = DistributionView.Of(s.FirstToken),
        DurationSeconds = DistributionView.Of(s.Duration),
        LengthBytes = DistributionView.Of(s.Length),
        ChunkBytes = DistributionView.Of(s.ChunkBytes),
        GatheringSeconds = DistributionView.Of(s.Gathering),
    };
}

/// <summary>Percentiles are true within 1 %, the rest is exact but for rounding to six digits.</summary>
internal sealed record DistributionView(long Count, double Min, double Mean, double P50, double P90, double P95, double P99, double Max)
{
    /// <summary>Null where there is nothing to be spread.</summary>
    public static DistributionView? Of(Distribution d) => d.Count == 0 ? null : new(
        d.Count,
        Round(d.Min),
        Round(d.Mean),
        Round(d.Percentile(0.5)),
        Round(d.Percentile(0.9)),
        Round(d.Percentile(0.95)),
        Round(d.Percentile(0.99)),
        Round(d.Max));

    private static double Round(double number) => Math.Round(number, 6);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatsView))]
internal sealed partial class StatsJson : JsonSerializerContext;
