using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>Brings one stream's events before the verifier, over any log, and goes on behind what the log cannot
/// give.</summary>
internal static class StoredStreamReader
{
    /// <summary>One behind the other: a head may lie for any number of events.</summary>
    private const int MaxUnreadable = 1000;

    /// <param name="seen">Called with each event's revision and stored hash, in order.</param>
    public static async Task<VerifiedStream> VerifyAsync(
        Store store, StreamEntry entry, Action<Finding> report, Action<long, ChainHash>? seen, CancellationToken ct)
    {
        using var verifier = new StreamVerifier(entry.Id, report);
        if (entry.IsTombstoned) return Deleted(verifier, entry);
        var unreadable = 0;
        for (var from = 0L; ;)
        {
            try
            {
                await foreach (var stored in store.EventsAsync(entry.Id, from, ct))
                {
                    unreadable = 0;
                    verifier.Check(stored);
                    if (verifier.Hash is { } hash) seen?.Invoke(stored.Revision, hash);
                    from = stored.Revision + 1;
                }

                break;
            }
            catch (StreamGoneException)
            {
                return Deleted(verifier, await store.TombstonedAsync(entry.Id, ct));
            }
            catch (LogDamagedException e)
            {
                from = Math.Max(from, e.Revision ?? 0);
                verifier.Unreadable(from++, e.What);
                if (entry.Head is not { } last || from > last || ++unreadable == MaxUnreadable) break;
            }
        }

        if (verifier.Next == 0)
            verifier.Report(FindingCode.Missing, null, "the events of a stream that the log names", "none");
        else if (entry.Head is { } head && verifier.Revision < head)
            verifier.Report(FindingCode.Head, verifier.Next, $"events up to revision {head}", $"the stream ends at {verifier.Revision}");

        return verifier.Result();
    }

    public static VerifiedStream Deleted(StreamVerifier verifier, StreamEntry entry)
    {
        if (entry is { Tombstone.Metadata.IsEmpty: false, Deletion: null })
            verifier.Report(FindingCode.Tombstone, null, "by, at, headRevision and headHash with the tombstone", "metadata that cannot be read");
        return new VerifiedStream(
            entry.Id, StreamStatus.Deleted, entry.Deletion?.Head, IsTombstoned: true, entry.Deletion,
            Events: 0, Bytes: 0, verifier.Findings, entry.Tombstone?.Position ?? LogPosition.Start);
    }
}
