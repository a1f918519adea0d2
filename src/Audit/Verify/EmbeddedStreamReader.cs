using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>One stream of an embedded log, row by row: what the log's own reading would refuse as a whole is told event
/// by event.</summary>
/// <param name="pageAfter">One page of its rows after a revision, each in a transaction of its own: a server may write
/// and remove meanwhile.</param>
internal sealed class EmbeddedStreamReader(
    Func<long, CancellationToken, Task<InspectedPage>> pageAfter, StreamId id, Action<Finding> report)
{
    private const long BeforeAll = -2;

    /// <inheritdoc cref="StoredStreamReader.VerifyAsync"/>
    public async Task<VerifiedStream> VerifyAsync(Action<long, ChainHash>? seen, CancellationToken ct)
    {
        using var verifier = new StreamVerifier(id, report);
        var page = await PageAsync(BeforeAll, verifier, ct);
        for (var isRest = page?.Head == StoredEvent.TombstoneRevision; ;)
        {
            if (isRest) return await DeletedAsync(ct);
            if (page is null) return verifier.Result();
            foreach (var row in page.Rows) Check(verifier, row, seen);
            if (page.AtEnd) break;
            page = await PageAsync(page.Rows[^1].Revision, verifier, ct);
            isRest = page?.Head == StoredEvent.TombstoneRevision; // deleted while it was read
        }

        RequireHead(verifier, page.Head);
        return verifier.Result();
    }

    private static void Check(StreamVerifier verifier, InspectedRow row, Action<long, ChainHash>? seen)
    {
        if (row.Revision == StoredEvent.TombstoneRevision)
        {
            verifier.Report(FindingCode.Tombstone, null, "no tombstone of a stream that is not marked as deleted", "a tombstone");
            return;
        }

        if (row.Event is not { } stored)
        {
            verifier.Unreadable(row.Revision, row.Damage!);
            return;
        }

        if (row.Damage is { } kind) verifier.Report(FindingCode.Tables, row.Revision, "the kind that its type has", kind);
        verifier.Check(stored);
        if (verifier.Hash is { } hash) seen?.Invoke(row.Revision, hash);
    }

    private static void RequireHead(StreamVerifier verifier, long? head)
    {
        if (head is not { } known)
            verifier.Report(FindingCode.Tables, null, "the stream's head in the table of streams", "no row for this stream");
        else if (verifier.Next == 0)
            verifier.Report(FindingCode.Missing, null, $"events up to revision {known}", "none");
        else if (verifier.Revision < known)
            verifier.Report(FindingCode.Head, verifier.Next, $"events up to revision {known}", $"the stream ends at {verifier.Revision}");
        else if (verifier.Revision > known)
            verifier.Report(FindingCode.Head, known + 1, $"the end of the stream at revision {known}", $"events up to {verifier.Revision}");
    }

    /// <summary>The tombstone, and what the server has not removed yet: that goes away from its beginning, perhaps just
    /// now.</summary>
    private async Task<VerifiedStream> DeletedAsync(CancellationToken ct)
    {
        var rest = new StreamVerifier(id, report, isRest: true);
        try
        {
            StoredEvent? tombstone = null;
            var isThere = false;
            InspectedPage? page = null;
            for (var after = BeforeAll; page is not { AtEnd: true }; after = page.Rows[^1].Revision)
            {
                page = await PageAsync(after, rest, ct);
                if (page is null) break;
                if (after != BeforeAll && await IsRemovedAsync(upTo: after, rest, ct))
                {
                    rest.Dispose();
                    rest = new StreamVerifier(id, report, isRest: true);
                }

                foreach (var row in page.Rows)
                {
                    if (row.Revision != StoredEvent.TombstoneRevision) Check(rest, row, null);
                    else if (row.Damage is { } damage) rest.Report(FindingCode.Tombstone, null, "a tombstone", damage);
                    tombstone = row.Revision == StoredEvent.TombstoneRevision ? row.Event : tombstone;
                    isThere |= row.Revision == StoredEvent.TombstoneRevision;
                }
            }

            if (!isThere && page is not null)
                rest.Report(FindingCode.Tombstone, null, "the tombstone that the table of streams speaks of", "none");
            return Deleted(rest, tombstone);
        }
        finally
        {
            rest.Dispose();
        }
    }

    /// <summary>Whether all that was read before is gone by now, so that what comes next need not follow it.</summary>
    private async Task<bool> IsRemovedAsync(long upTo, StreamVerifier rest, CancellationToken ct) =>
        await PageAsync(BeforeAll, rest, ct) is { Rows: [var first, ..] } && first.Revision > upTo;

    private VerifiedStream Deleted(StreamVerifier rest, StoredEvent? tombstone)
    {
        var deletion = tombstone is { } stone ? TombstoneMetadata.TryRead(stone.Metadata) : null;
        if (tombstone is { Metadata.IsEmpty: false } && deletion is null)
            rest.Report(FindingCode.Tombstone, null, "by, at, headRevision and headHash with the tombstone", "metadata that cannot be read");
        if (rest.Next > 0 && deletion is not null) RequireSameEnd(rest, deletion.Head);
        return new VerifiedStream(
            id, StreamStatus.Deleted, deletion?.Head, IsTombstoned: true, deletion,
            rest.Events, rest.Bytes, rest.Findings, tombstone?.Position ?? rest.Position);
    }

    private static void RequireSameEnd(StreamVerifier rest, StreamHead head)
    {
        if (rest.Revision != head.Revision.Value)
        {
            rest.Report(FindingCode.Tombstone, rest.Revision,
                $"events up to revision {head.Revision}, where the tombstone says that the stream ended", $"the last one is {rest.Revision}");
        }
        else if (rest.Hash is { } hash && hash != head.Hash)
        {
            rest.Report(FindingCode.Tombstone, rest.Revision, $"hash {head.Hash}, as the tombstone says", $"{hash}");
        }
    }

    /// <summary>Null where the index itself is damaged: then nothing more of the stream can be found.</summary>
    private async Task<InspectedPage?> PageAsync(long after, StreamVerifier verifier, CancellationToken ct)
    {
        try
        {
            return await pageAfter(after, ct);
        }
        catch (LogDamagedException e)
        {
            verifier.Report(FindingCode.Unreadable, verifier.Next, "the stream's entries in the index", e.What);
            return null;
        }
    }
}
