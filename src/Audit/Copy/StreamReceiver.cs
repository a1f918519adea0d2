using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>
/// Takes a stream's items, compares what the target has of it event by event, and appends the rest. Nothing is ever
/// overwritten: where the two differ the stream is a conflict, and left as it is.
/// </summary>
/// <param name="prefix">The target's.</param>
/// <param name="deletions">A stream that was deleted where it comes from is deleted where it goes, also with its events
/// there.</param>
internal sealed class StreamReceiver(ICopyTarget target, StreamPrefix prefix, StreamId id, bool deletions)
{
    /// <summary>Under the 1 MiB that EventStoreDB takes, also with names and ids; a larger event goes alone.</summary>
    private const int MaxBytes = TextLimits.AppendBytes;

    /// <summary>Some hundred bytes each are added to an event on its way.</summary>
    private const int MaxEvents = 512;

    private readonly string name = prefix.Text(id);
    private readonly List<NewEvent> waiting = [];
    private readonly PresentStream present = new(target.Present, prefix.Text(id));
    private StreamOutcome? found;
    private StoredEvent? last;
    private int bytes;
    private long same, written;

    /// <summary>What became of the stream, once its last item has been taken.</summary>
    public StreamOutcome? Outcome { get; private set; }

    public async Task ReceiveAsync(CarriedItem item, CancellationToken ct)
    {
        switch (item)
        {
            case CarriedItem.Event { Stored: var stored } when found is null:
                await ReceiveAsync(stored, ct);
                break;
            case CarriedItem.Tombstone tombstone:
                Outcome = await TombstoneAsync(tombstone.Metadata, ct);
                break;
            case CarriedItem.End:
                if (found is null) await FlushAsync(ct);
                Outcome = found ?? await EndAsync(ct);
                break;
            case CarriedItem.Damaged damaged:
                throw new InvalidOperationException($"Stream {damaged.Stream} is damaged: it is not carried.");
        }
    }

    private async ValueTask ReceiveAsync(StoredEvent stored, CancellationToken ct)
    {
        last = stored;
        if (waiting.Count == 0 && written == 0 && await present.NextAsync(ct) is { } there)
        {
            if (there.Revision != stored.Revision || !there.HasSameBytes(stored)) found = Conflict(stored.Revision, "Another event is there.");
            same++;
            return;
        }

        if (present.IsTombstoned)
        {
            found = new StreamOutcome(id.Value, StreamOutcome.DeletedThere);
            return;
        }

        if (waiting.Count == MaxEvents || bytes + stored.Bytes() > MaxBytes) await FlushAsync(ct);
        if (found is not null) return;
        waiting.Add(stored.AsNew());
        bytes += stored.Bytes();
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        if (waiting.Count == 0) return;
        var first = same + written;

        // A list of its own: an append that is no longer awaited may still be made.
        switch (await target.AppendAsync(name, first, [.. waiting], ct))
        {
            case AppendOutcome.Appended:
                written += waiting.Count;
                break;
            case AppendOutcome.Deleted:
                found = new StreamOutcome(id.Value, StreamOutcome.DeletedThere, written);
                break;
            case AppendOutcome.Lost:
                found = Conflict(first, "Another program is writing to it there.");
                break;
            case var other:
                throw new InvalidOperationException($"{other} is no answer to an append.");
        }

        waiting.Clear();
        bytes = 0;
    }

    private async Task<StreamOutcome> EndAsync(CancellationToken ct)
    {
        if (written == 0 && await present.NextAsync(ct) is not null) return Done(StreamOutcome.Ahead);
        if (last is not null && !await target.EndsWithAsync(last, ct))
            return Conflict(last.Revision, "It was written, and does not end there as it should: another writer is at work there.");
        return Done(written == 0 ? StreamOutcome.Same : same == 0 ? StreamOutcome.New : StreamOutcome.Extended);
    }

    private async Task<StreamOutcome> TombstoneAsync(ReadOnlyMemory<byte> metadata, CancellationToken ct)
    {
        if (await present.LastAsync(ct) is { } there)
        {
            if (!deletions)
                return Conflict(there.Revision, "It is there with its events, and was deleted where this comes from. To delete it there too, give --deletions.");
            if (TombstoneMetadata.TryRead(metadata)?.Head is { } head && !MayEndAt(there, head))
                return Conflict(there.Revision, "What is there is not what was deleted.");
        }

        if (present.IsTombstoned) return new StreamOutcome(id.Value, StreamOutcome.Same);

        // The same each time, so that a repeat is one.
        var bits = SHA256.HashData([.. "tombstone "u8, .. Encoding.UTF8.GetBytes(id.Value), .. metadata.Span]);
        await target.TombstoneAsync(name, new EventId(new Guid(bits.AsSpan(0, 16), bigEndian: true)), metadata, ct);
        return new StreamOutcome(id.Value, StreamOutcome.Deleted);
    }

    /// <summary>Of an earlier event only its place can be compared: its hash went with the stream.</summary>
    private static bool MayEndAt(StoredEvent there, StreamHead head) =>
        there.Revision < head.Revision.Value
        || (there.Revision == head.Revision.Value && there.Metadata.Span.IndexOf(Encoding.ASCII.GetBytes(head.Hash.ToString())) >= 0);

    private StreamOutcome Done(string outcome) => new(id.Value, outcome, written) { Revision = last?.Revision };

    private StreamOutcome Conflict(long revision, string detail) =>
        new(id.Value, StreamOutcome.Conflict, written) { Revision = revision, Detail = detail };
}
