using System.IO.Compression;
using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.ExportFormat;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Stores;

/// <summary>
/// An export as a log that can only be read: checked once as a whole, then read where a stream stands; in memory is one
/// small entry a stream. A compressed one is read from an uncompressed private copy, which is deleted at the end.
/// Positions and the log's own clock are not known.
/// </summary>
internal sealed class ExportLog : IEventStoreReader
{
    private const int MaxPageEvents = 512;

    /// <summary>Some 200 bytes each.</summary>
    private const int MaxStreams = 2_000_000;

    /// <summary>Beside a private copy.</summary>
    private const long SpareBytes = 64 << 20;

    private const int MaxPageBytes = 1 << 20;

    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);
    private readonly StreamPrefix prefix;

    /// <summary>The file has one place at which it is read.</summary>
    private readonly SemaphoreSlim reading = new(1);
    private FileStream content = null!;

    /// <summary>Where the reading before ended: the next page begins there.</summary>
    private (string Stream, long Next, long Start) last = ("", 0, 0);

    private ExportLog(StreamPrefix prefix) => this.prefix = prefix;

    /// <summary>In the order of their ids.</summary>
    public IEnumerable<StreamEntry> Streams => places.Values.Select(place => place.Entry);

    /// <exception cref="AuditException">There is no such file, or (<see cref="ExitCode.Findings"/>) it is not what was
    /// written; names line, stream and revision.</exception>
    public static async Task<ExportLog> OpenAsync(string path, StreamPrefix prefix, CancellationToken ct)
    {
        var log = new ExportLog(prefix);
        await using (var file = ExportFile.Open(path))
        {
            await foreach (var item in file.ReadAsync(prefix, ct))
            {
                log.Add(item, file.LineStart);
                if (log.places.Count > MaxStreams)
                    throw new AuditException($"{path} has more than {MaxStreams} streams, too many to be kept in memory. `streams-audit import` it, and read that log.");
            }

            log.content = file.IsCompressed ? await UncompressedAsync(path, file.LineStart, ct) : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        }

        return log;
    }

    public async Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        if (!places.TryGetValue(stream, out var place)) return new StoreRead.Missing();
        if (place.Entry.IsTombstoned) return new StoreRead.Tombstoned();
        await reading.WaitAsync(ct);
        try
        {
            return forward ? await ForwardAsync(stream, place, from, maxCount, ct) : await BackwardAsync(place, from, maxCount, ct);
        }
        finally
        {
            reading.Release();
        }
    }

    public IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, CancellationToken ct) =>
        throw new NotSupportedException("Nothing is ever added to an export.");

    /// <summary>Stream by stream; it ends, for nothing is ever added.</summary>
    /// <param name="after"><see cref="LogPosition.Start"/>: there is no other.</param>
    public async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
        LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(after, LogPosition.Start);
        foreach (var (name, place) in places)
        {
            if (place.Entry.Tombstone is { } tombstone && filter.Matches(name, tombstone.Type)) yield return tombstone;
            if (!filter.Matches(name, "")) continue;
            var from = 0L;
            while (await ReadAsync(name, from, forward: true, MaxPageEvents, ReadFrom.Leader, ct) is StoreRead.Page { Events: [.., var end] and var page })
            {
                foreach (var stored in page)
                    if (filter.Matches(name, stored.Type)) yield return stored;
                from = end.Revision + 1;
            }
        }

        yield return null;
    }

    public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) => Task.FromResult<StoredEvent?>(null);

    public ValueTask DisposeAsync()
    {
        reading.Dispose();
        return content.DisposeAsync();
    }

    private void Add(CarriedItem item, long start)
    {
        var name = prefix.Text(item.Stream);
        if (!places.TryGetValue(name, out var place))
            places[name] = place = new Place(start, new StreamEntry(item.Stream, Head: null, IsTombstoned: false, Tombstone: null));
        places[name] = item switch
        {
            CarriedItem.Tombstone tombstone => place with { Entry = place.Entry with { IsTombstoned = true, Tombstone = tombstone.AsStored(prefix) } },
            CarriedItem.Event { Stored.Revision: var revision } => place with { Entry = place.Entry with { Head = revision } },
            _ => place,
        };
    }

    private async Task<StoreRead> ForwardAsync(string stream, Place place, long from, int maxCount, CancellationToken ct)
    {
        var page = new List<StoredEvent>();
        var bytes = 0;
        var start = last.Stream == stream && last.Next <= from ? last.Start : place.Start;
        await foreach (var (stored, end) in EventsAsync(start, ct))
        {
            if (stored.Revision < from) continue;
            if (page.Count == maxCount || bytes >= MaxPageBytes) return new StoreRead.Page(page, AtEnd: false);
            page.Add(stored);
            bytes += stored.Data.Length + stored.Metadata.Length;
            last = (stream, stored.Revision + 1, end);
        }

        return new StoreRead.Page(page, AtEnd: true);
    }

    private async Task<StoreRead> BackwardAsync(Place place, long from, int maxCount, CancellationToken ct)
    {
        var page = new Queue<StoredEvent>();
        var isAll = true;
        await foreach (var (stored, _) in EventsAsync(place.Start, ct))
        {
            if (stored.Revision > from) break;
            page.Enqueue(stored);
            if (page.Count <= maxCount) continue;
            page.Dequeue();
            isAll = false;
        }

        return new StoreRead.Page([.. page.Reverse()], AtEnd: isAll);
    }

    /// <summary>From a line on, each with where the next line begins, up to the stream's last line.</summary>
    private async IAsyncEnumerable<(StoredEvent Stored, long End)> EventsAsync(long start, [EnumeratorCancellation] CancellationToken ct)
    {
        content.Position = start;
        var lines = new LineReader(content, ExportLines.MaxBytes);
        while (await lines.ReadAsync(ct) is { } line)
        {
            switch (ExportFields.Parse(line.Span).Item(prefix))
            {
                case CarriedItem.Event { Stored: var stored }:
                    yield return (stored, start + lines.End);
                    break;
                case CarriedItem.Damaged:
                    break;
                default:
                    yield break;
            }
        }
    }

    /// <param name="bytes">Some more than that it has.</param>
    private static async Task<FileStream> UncompressedAsync(string path, long bytes, CancellationToken ct)
    {
        if (new DriveInfo(Path.GetTempPath()).AvailableFreeSpace is var free && free < bytes + SpareBytes)
        {
            throw new AuditException(
                $"{path} needs {(bytes + SpareBytes) >> 20} MiB uncompressed in {Path.GetTempPath()}, which has {free >> 20} MiB left. Set TMPDIR to a folder with room.");
        }

        var copy = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        try
        {
            await using var unpacked = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            await unpacked.CopyToAsync(copy, ct);
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    /// <param name="Start">Of its first line, in bytes of the uncompressed file.</param>
    private sealed record Place(long Start, StreamEntry Entry);
}
