using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure;
using EventSourcedStreams.Infrastructure.Embedded;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>One stream of an embedded log, row by row: what the log's own reading would refuse as a whole is told event by event.</summary>
internal sealed class EmbeddedStreamReader(EmbeddedLogReader log, StreamId id, FoundName name, Action<Finding> report)
{
    private const long BeforeAll = -2;

    /// <inheritdoc cref="StreamReader.VerifyAsync"/>
    public async Task<VerifiedStream> VerifyAsync(Action<long, ChainHash>? seen, CancellationToken ct)
    {
        using var verifier = new StreamVerifier(id, report);
        var page = await PageAsync(BeforeAll, verifier, ct);
        for (var isRest = page?.Head == StoredEvent.TombstoneRevision; ;)
        {
            if (isRest) return await DeletedAsync(ct);
            if (page is null) return verifier.Seen();
            foreach (var row in page.Rows) Take(verifier, row, seen);
            if (page.AtEnd) break;
            page = await PageAsync(page.Rows[^1].Revision, verifier, ct);
            isRest = page?.Head == StoredEvent.TombstoneRevision; // deleted while it was read
        }

        RequireHead(verifier, page.Head);
        return verifier.Seen();
    }

    private static void Take(StreamVerifier verifier, InspectedRow row, Action<long, ChainHash>? seen)
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

        verifier.Take(stored);
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

    /// <summary>The tombstone, and what the server has not removed yet: that goes away from its beginning.</summary>
    private async Task<VerifiedStream> DeletedAsync(CancellationToken ct)
    {
        using var rest = new StreamVerifier(id, report, isRest: true);
        var hasRest = false;
        StoredEvent? tombstone = null;
        InspectedPage? page = null;
        for (var after = BeforeAll; page is not { AtEnd: true }; after = page.Rows[^1].Revision)
        {
            page = await PageAsync(after, rest, ct);
            if (page is null) break;
            foreach (var row in page.Rows)
            {
                if (row is { Revision: StoredEvent.TombstoneRevision, Event: { } found }) tombstone = found;
                else if (row.Revision == StoredEvent.TombstoneRevision) RequireReadable(rest, row);
                else Take(rest, row, null);
                hasRest |= row.Revision != StoredEvent.TombstoneRevision;
            }
        }

        var deletion = tombstone is { } stone ? TombstoneMetadata.TryRead(stone.Metadata) : null;
        if (tombstone is null && page is { AtEnd: true, Rows: not [.., { Revision: StoredEvent.TombstoneRevision }] })
            rest.Report(FindingCode.Tombstone, null, "the tombstone that the table of streams speaks of", "none");
        else if (tombstone is { Metadata.IsEmpty: false } && deletion is null)
            rest.Report(FindingCode.Tombstone, null, "by, at, headRevision and headHash with the tombstone", "metadata that cannot be read");
        if (hasRest && deletion is not null) RequireSameEnd(rest, deletion.Head);
        return new VerifiedStream(
            id, StreamStatus.Deleted, deletion?.Head, IsTombstoned: true, deletion,
            rest.Events, rest.Bytes, rest.Findings, tombstone?.Position ?? rest.Position);
    }

    private static void RequireReadable(StreamVerifier rest, InspectedRow tombstone) =>
        rest.Report(FindingCode.Tombstone, null, "a tombstone", tombstone.Damage!);

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
            return await log.InspectAsync(name, after, ct);
        }
        catch (LogDamagedException e)
        {
            verifier.Report(FindingCode.Unreadable, verifier.Next, "the stream's entries in the index", e.What);
            return null;
        }
    }
}
