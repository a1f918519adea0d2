using System.Buffers;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The whole answer to an observer of an ended stream, as bytes: what never changes is encoded once. Kept within a bound, those not asked
/// for longest go first. Whoever asks has just read the stream's ending from the log, so a deleted stream is never served from here.
/// </summary>
internal sealed class FinishedStreams(StreamLog log)
{
    /// <summary>Over all streams.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>UTF-8 bytes of text; a longer one is read from the log in pages, each time.</summary>
    private const long MaxLength = 4 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<(StreamId, ChainHash), LinkedListNode<Kept>> kept = [];
    private readonly LinkedList<Kept> byUse = new();
    private long bytes;

    /// <summary>All frames of the stream; null: it is too long to be kept.</summary>
    /// <param name="last">Its ending, as the log has it.</param>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(RecordedEvent last, CancellationToken ct)
    {
        if (StreamState.After(last) is not StreamState.Ended { Length: <= MaxLength }) return null;
        return await Reading(last).WaitAsync(ct);
    }

    /// <summary>Many that ask at once wait for one reading.</summary>
    private Task<ReadOnlyMemory<byte>> Reading(RecordedEvent last)
    {
        lock (gate)
        {
            var key = (last.Stream, last.Hash);
            if (kept.TryGetValue(key, out var found))
            {
                byUse.Remove(found);
                byUse.AddFirst(found);
                return found.Value.Frames;
            }

            var next = byUse.AddFirst(new Kept(key));
            kept.Add(key, next);
            next.Value.Frames = ReadAsync(next, last.Revision);
            return next.Value.Frames;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(LinkedListNode<Kept> node, Revision last)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var frames = new ArrayBufferWriter<byte>();
            var joined = new JoinedText(frames);
            await foreach (var recorded in log.ReadAsync(node.Value.Key.Stream, Revision.None, ReadFrom.Anywhere, CancellationToken.None))
            {
                joined.Add(recorded);
                if (recorded.Revision == last) break;
            }

            joined.Finish();
            Keep(node, frames.WrittenCount);
            return frames.WrittenMemory.ToArray();
        }
        catch
        {
            Forget(node);
            throw;
        }
    }

    private void Keep(LinkedListNode<Kept> node, int size)
    {
        lock (gate)
        {
            node.Value.Size = size;
            bytes += size;
            while (bytes > MaxBytes && byUse.Last is { } oldest && oldest != node) ForgetLocked(oldest);
        }
    }

    private void Forget(LinkedListNode<Kept> node)
    {
        lock (gate) ForgetLocked(node);
    }

    private void ForgetLocked(LinkedListNode<Kept> node)
    {
        if (!kept.Remove(node.Value.Key)) return;
        byUse.Remove(node);
        bytes -= node.Value.Size;
    }

    /// <param name="key">The hash makes it this very text: an id whose log was restored or replaced is another.</param>
    private sealed class Kept((StreamId Stream, ChainHash Head) key)
    {
        public (StreamId Stream, ChainHash Head) Key => key;

        public Task<ReadOnlyMemory<byte>> Frames { get; set; } = null!;

        public int Size { get; set; }
    }
}
