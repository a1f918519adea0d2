using System.Text;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.List;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Stats;

/// <summary>A store in numbers, stream by stream: memory does not grow with streams nor events.</summary>
internal sealed class Statistics
{
    /// <summary>Sources and error codes are free text: a log may hold a million of them.</summary>
    private const int MaxNames = 100;
    private const int MaxNameChars = 256;
    private const int MaxDays = 36_525;
    private const string OtherNames = "(others)";

    public long Events { get; private set; }

    /// <summary>Of data and metadata as stored.</summary>
    public long StoredBytes { get; private set; }

    public long TextBytes { get; private set; }

    public long Chunks { get; private set; }

    public long Streams { get; private set; }

    public DateTimeOffset? FirstAt { get; private set; }

    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>By the names of <c>list</c>, <c>damaged</c> too.</summary>
    public Dictionary<string, long> ByStatus { get; } = [];

    /// <summary>Why streams did not end well: stable codes.</summary>
    public Dictionary<string, long> ByCause { get; } = [];

    public Dictionary<string, long> BySource { get; } = [];

    /// <summary>Streams created, by day (UTC).</summary>
    public SortedDictionary<DateOnly, long> ByDay { get; } = [];

    /// <summary>Seconds from creation to a driver's claim.</summary>
    public Distribution Waiting { get; } = new();

    /// <summary>Seconds from a driver's claim to the first piece of text.</summary>
    public Distribution FirstToken { get; } = new();

    /// <summary>Seconds from a driver's claim to the ending.</summary>
    public Distribution Duration { get; } = new();

    /// <summary>UTF-8 bytes a stream that was driven and has ended.</summary>
    public Distribution Length { get; } = new();

    /// <summary>UTF-8 bytes a chunk.</summary>
    public Distribution ChunkBytes { get; } = new();

    /// <summary>Seconds from a chunk's first piece to its writing.</summary>
    public Distribution Gathering { get; } = new();

    public async Task AddAsync(Store store, StreamEntry entry, CancellationToken ct)
    {
        Streams++;
        var measures = new StreamMeasures();
        try
        {
            if (entry.IsTombstoned) throw new StreamGoneException(entry.Id);
            await foreach (var stored in store.EventsAsync(entry.Id, from: 0, ct)) Add(entry.Id, stored, measures);
            Add(measures);
        }
        catch (StreamGoneException)
        {
            Count(ByStatus, StreamStatus.Deleted.Name());
        }
        catch (LogDamagedException)
        {
            Count(ByStatus, ListedStream.Damaged);
        }
    }

    private void Add(StreamId id, StoredEvent stored, StreamMeasures measures)
    {
        Events++;
        StoredBytes += stored.Data.Length + stored.Metadata.Length;
        var recorded = StreamCodec.Decode(id, stored);
        measures.Add(recorded);
        if (recorded.Event is not ChunkPersisted chunk) return;
        var bytes = Encoding.UTF8.GetByteCount(chunk.Text);
        Chunks++;
        TextBytes += bytes;
        ChunkBytes.Add(bytes);
        Gathering.Add((chunk.At - chunk.Since).TotalSeconds);
    }

    private void Add(StreamMeasures measures)
    {
        if (measures.Summary is not { } stream)
        {
            Count(ByStatus, ListedStream.Damaged);
            return;
        }

        Count(ByStatus, stream.Status.Name());
        Count(BySource, stream.Source);
        if (stream.Error is { } error) Count(ByCause, error.Code);
        var day = DateOnly.FromDateTime(stream.CreatedAt.UtcDateTime);
        if (ByDay.Count < MaxDays || ByDay.ContainsKey(day)) ByDay[day] = ByDay.GetValueOrDefault(day) + 1;
        if (FirstAt is not { } first || stream.CreatedAt < first) FirstAt = stream.CreatedAt;
        if (LastAt is not { } last || measures.LastAt > last) LastAt = measures.LastAt;
        if (stream.StartedAt is not { } started) return;
        Waiting.Add((started - stream.CreatedAt).TotalSeconds);
        if (measures.FirstTextAt is { } text) FirstToken.Add((text - started).TotalSeconds);
        if (stream.EndedAt is not { } ended) return;
        Duration.Add((ended - started).TotalSeconds);
        Length.Add(stream.Length);
    }

    private static void Count(Dictionary<string, long> counts, string name)
    {
        name = EventDetail.Excerpt(name, MaxNameChars);
        if (counts.Count >= MaxNames && !counts.ContainsKey(name)) name = OtherNames;
        counts[name] = counts.GetValueOrDefault(name) + 1;
    }
}
