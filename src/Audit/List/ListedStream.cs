using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Stores;

namespace EventSourcedStreams.Audit.List;

/// <summary>One line of <c>list --json</c>. Times are RFC 3339 UTC, lengths UTF-8 bytes; what is not known is left
/// out.</summary>
internal sealed record ListedStream(string Id, string Status)
{
    public const string Damaged = "damaged";

    public string? Source { get; init; }

    public DateTime? CreatedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    /// <summary>A text's ending; for one with a tombstone when that was asked for.</summary>
    public DateTime? EndedAt { get; init; }

    public long? Length { get; init; }

    public int? Chunks { get; init; }

    /// <summary>The last event's number.</summary>
    public long? Revision { get; init; }

    /// <summary>Why it did not end well: a stable code.</summary>
    public string? Error { get; init; }

    /// <summary>The actor that cancelled or deleted it.</summary>
    public string? By { get; init; }

    public string? FinishReason { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>What is wrong with it, where its status is <c>damaged</c>.</summary>
    public string? Damage { get; init; }

    /// <summary>Never throws for a stream that is damaged: that is what is to be seen.</summary>
    public static async Task<ListedStream> ReadAsync(Store store, StreamEntry entry, CancellationToken ct)
    {
        try
        {
            if (entry.IsTombstoned) return Deleted(entry);
            return await store.SummaryAsync(entry.Id, ct) is { } summary
                ? Of(summary)
                : Broken(entry, "The store names it, and none of its events is there.");
        }
        catch (StreamGoneException)
        {
            return Deleted(entry);
        }
        catch (LogDamagedException e)
        {
            return Broken(entry, e.Message);
        }
    }

    private static ListedStream Of(StreamSummary stream) => new(stream.Id.Value, stream.Status.Name())
    {
        Source = stream.Source,
        CreatedAt = stream.CreatedAt.UtcDateTime,
        StartedAt = stream.StartedAt?.UtcDateTime,
        EndedAt = stream.EndedAt?.UtcDateTime,
        Length = stream.Length,
        Chunks = stream.Chunks,
        Revision = stream.Revision.Value,
        Error = stream.Error?.Code,
        By = stream.Error?.By,
        FinishReason = stream.FinishReason,
        Labels = stream.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal),
    };

    private static ListedStream Deleted(StreamEntry entry) => new(entry.Id.Value, StreamStatus.Deleted.Name())
    {
        EndedAt = entry.Deletion?.At.UtcDateTime,
        Revision = entry.Deletion?.Head.Revision.Value,
        By = entry.Deletion?.By,
    };

    private static ListedStream Broken(StreamEntry entry, string damage) =>
        new(entry.Id.Value, Damaged) { Revision = entry.Head, Damage = damage };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ListedStream))]
internal sealed partial class ListJson : JsonSerializerContext;
