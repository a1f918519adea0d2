using System.Buffers;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The whole answer to an observer of an ended stream, as bytes: what never changes is encoded once. Kept within a
/// bound, those not asked for longest go first. A request has just read the stream's ending from the log, so a deleted
/// stream is never served from here.
/// </summary>
internal sealed class FinishedStreams(StreamLog log) : IAsyncDisposable
{
    /// <summary>Over all streams.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>UTF-8 bytes of text; a longer one is read from the log in pages, each time.</summary>
    private const long MaxLength = 4 * 1024 * 1024;

    /// <summary>Readings at one time, each of which holds its text; more requests wait for their turn.</summary>
    private const int MaxReadings = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<(StreamId, ChainHash), FinishedReading> readings = [];
    private readonly HashSet<FinishedReading> running = [];
    private readonly Dictionary<(StreamId, ChainHash), LinkedListNode<Kept>> kept = [];
    private readonly LinkedList<Kept> byUse = new();
    private readonly SemaphoreSlim turns = new(MaxReadings);
    private long bytes;
    private bool isClosed;

    /// <summary>Readings that run, or wait for their turn.</summary>
    public int Readings
    {
        get { lock (gate) return running.Count; }
    }

    /// <summary>All frames of the stream; null: it is too long to be kept.</summary>
    /// <param name="last">Its ending, as the log has it.</param>
    /// <exception cref="LogUnavailableException">What can be read does not reach the ending yet.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(RecordedEvent last, CancellationToken ct)
    {
        if (StreamState.After(last) is not StreamState.Ended { Length: <= MaxLength }) return null;
        FinishedReading reading;
        lock (gate)
        {
            if (isClosed) throw new LogUnavailableException("The server is stopping.");
            if (KeptLocked((last.Stream, last.Hash)) is { } frames) return frames;
            reading = JoinLocked(last);
        }

        try
        {
            return await reading.Frames.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LogUnavailableException("The server is stopping.");
        }
        finally
        {
            Leave(reading);
        }
    }

    /// <summary>Returns when nothing of ours reads the log any more.</summary>
    public async ValueTask DisposeAsync()
    {
        FinishedReading[] all;
        lock (gate)
        {
            isClosed = true;
            all = [.. running];
        }

        foreach (var reading in all) reading.Stop();
        foreach (var reading in all) await ((Task)reading.Frames).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        turns.Dispose();
    }

    private ReadOnlyMemory<byte>? KeptLocked((StreamId, ChainHash) key)
    {
        if (!kept.TryGetValue(key, out var found)) return null;
        byUse.Remove(found);
        byUse.AddFirst(found);
        return found.Value.Frames;
    }

    /// <summary>Many that ask at once wait for one reading.</summary>
    private FinishedReading JoinLocked(RecordedEvent last)
    {
        var key = (last.Stream, last.Hash);
        if (!readings.TryGetValue(key, out var reading))
        {
            readings.Add(key, reading = new FinishedReading(last));
            running.Add(reading);
            reading.Frames = ReadAsync(reading);
        }

        reading.Waiting++;
        return reading;
    }

    /// <summary>A reading that no request waits for any more is stopped; the next request begins another.</summary>
    private void Leave(FinishedReading reading)
    {
        lock (gate)
        {
            if (--reading.Waiting > 0) return;
            if (readings.TryGetValue(reading.Key, out var there) && there == reading) readings.Remove(reading.Key);
        }

        reading.Stop();
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(FinishedReading reading)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await turns.WaitAsync(reading.Stopped);
            try
            {
                var frames = await EncodeAsync(reading.Last, reading.Stopped);
                Keep(reading, frames);
                return frames;
            }
            finally
            {
                turns.Release();
            }
        }
        finally
        {
            lock (gate) running.Remove(reading);
        }
    }

    /// <summary>Up to the very ending that was seen: what is near may lag, and half a text is no answer.</summary>
    private async Task<ReadOnlyMemory<byte>> EncodeAsync(RecordedEvent last, CancellationToken ct)
    {
        var frames = new ArrayBufferWriter<byte>();
        var joined = new JoinedText(frames);
        var head = StreamHead.None;
        await ReadToAsync(ReadFrom.Anywhere);
        if (head.Revision < last.Revision) await ReadToAsync(ReadFrom.Leader);
        if (head != last.Head) throw new LogUnavailableException($"Stream {last.Stream} cannot be read to its ending yet.");
        joined.Finish();
        return frames.WrittenMemory.ToArray();

        async Task ReadToAsync(ReadFrom from)
        {
            await foreach (var recorded in log.ReadAsync(last.Stream, head, from, ct))
            {
                joined.Add(recorded);
                head = recorded.Head;
                if (head.Revision == last.Revision) return;
            }
        }
    }

    private void Keep(FinishedReading reading, ReadOnlyMemory<byte> frames)
    {
        lock (gate)
        {
            if (readings.TryGetValue(reading.Key, out var there) && there == reading) readings.Remove(reading.Key);
            if (isClosed || kept.ContainsKey(reading.Key)) return;
            kept.Add(reading.Key, byUse.AddFirst(new Kept(reading.Key, frames)));
            bytes += frames.Length;
            while (bytes > MaxBytes && byUse.Last is { } oldest)
            {
                byUse.RemoveLast();
                kept.Remove(oldest.Value.Key);
                bytes -= oldest.Value.Frames.Length;
            }
        }
    }

    /// <param name="Key">The hash makes it this very text: an id whose log was restored or replaced is another.</param>
    private sealed record Kept((StreamId Stream, ChainHash Head) Key, ReadOnlyMemory<byte> Frames);
}
