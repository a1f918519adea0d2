using System.Globalization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Statements;

/// <summary>Holds what a verification sees against what statements say.</summary>
/// <param name="deleted">Told of each stream that was deleted since in the way that it should be.</param>
/// <param name="isCopy">Tombstones may have lost actor and time: not every log keeps them, and the statement
/// does.</param>
internal sealed class Comparison(StatedStreams stated, Action<Finding> report, Action<VerifiedStream> deleted, bool isCopy = false)
{
    /// <summary>Of the stream that is being read: the hashes at the revisions that the statements speak of.</summary>
    private readonly Dictionary<long, ChainHash> seen = [];

    /// <summary>Streams that end where they ended then, with nothing found in them.</summary>
    public long Unchanged { get; private set; }

    public long Grown { get; private set; }

    /// <summary>Of those in a statement, deleted since.</summary>
    public long Deleted { get; private set; }

    /// <summary>In no statement.</summary>
    public long New { get; private set; }

    /// <summary>Said of a stream when the statement was made: it could not be read then, so nothing can be said of it
    /// now.</summary>
    public long Unknown { get; private set; }

    /// <summary>Of those in a statement, with something found in them: whatever their ends say, they are not as they
    /// were.</summary>
    public long Damaged { get; private set; }

    public Action<long, ChainHash>? Follow(StreamId id)
    {
        seen.Clear();
        if (stated.Find(id) is not { } said) return null;
        var revisions = new HashSet<long>();
        for (var each = said; each is not null; each = each.Earlier)
            if (each is { IsTombstoned: false, Head.Revision.Value: var revision }) revisions.Add(revision);
        return (revision, hash) =>
        {
            if (revisions.Contains(revision)) seen[revision] = hash;
        };
    }

    /// <summary>Once for each stream, after it was followed.</summary>
    public void Compare(VerifiedStream now)
    {
        if (stated.Remove(now.Id) is not { } latest)
        {
            New++;
            return;
        }

        var findings = 0;
        for (var each = latest; each is not null; each = each.Earlier)
        {
            if (Against(each, now) is not { } finding) continue;
            report(finding);
            findings++;
        }

        if (findings > 0) return;
        if (latest.Head is null && !latest.IsTombstoned) Unknown++;
        else if (now.Findings > 0) Damaged++;
        else if (latest.IsTombstoned || latest.Head == now.Head) Unchanged++;
        else if (now.Status != StreamStatus.Deleted) Grown++;
        else
        {
            Deleted++;
            deleted(now);
        }
    }

    /// <summary>The streams that were asked for or all, and are not there.</summary>
    public void CompareMissing(Func<StreamId, bool> isAskedFor)
    {
        foreach (var (id, said) in stated.Left.Where(left => isAskedFor(left.Id)))
        {
            report(new Finding(
                FindingCode.Gone,
                id.Value,
                said.Head?.Revision.Value,
                said.IsTombstoned ? $"a tombstone, as of {At(said)}" : $"events up to revision {said.Head?.Revision}, as of {At(said)}",
                "no such stream, and no tombstone"));
        }
    }

    private Finding? Against(StatedStream said, VerifiedStream now)
    {
        if (said.IsTombstoned)
        {
            return now.IsTombstoned && (said.Deletion is null || said.Deletion == now.Deletion || (isCopy && now.Deletion is null))
                ? null
                : Of(FindingCode.Revived, now, null, $"deleted {Deletion(said.Deletion)}, as of {At(said)}",
                    now.IsTombstoned ? $"deleted {Deletion(now.Deletion)}" : "it is there");
        }

        if (said.Head is not { } head) return null;
        var expected = $"hash {head.Hash} at revision {head.Revision}, as of {At(said)}";
        if (now.IsTombstoned)
        {
            if (now.Head is not { } end || now.Deletion is null)
                return Of(FindingCode.DeletedByUnknown, now, head.Revision.Value, expected, "a tombstone, and nothing says by whom");
            if (end.Revision < head.Revision)
                return Of(FindingCode.Cut, now, head.Revision.Value, expected, $"deleted {Deletion(now.Deletion)} at revision {end.Revision}");
            return end.Revision == head.Revision && end.Hash != head.Hash
                ? Of(FindingCode.Changed, now, head.Revision.Value, expected, $"hash {end.Hash}, as its tombstone says")
                : null;
        }

        if (seen.TryGetValue(head.Revision.Value, out var hash))
            return hash == head.Hash ? null : Of(FindingCode.Changed, now, head.Revision.Value, expected, $"hash {hash}");
        return now.Head is { } last && last.Revision < head.Revision
            ? Of(FindingCode.Cut, now, head.Revision.Value, expected, $"the stream ends at revision {last.Revision}")
            : Of(FindingCode.Cut, now, head.Revision.Value, expected, "no event there that can be read");
    }

    private static Finding Of(string code, VerifiedStream stream, long? revision, string expected, string found) =>
        new(code, stream.Id.Value, revision, expected, found);

    private static string At(StatedStream said) => TimeArgument.Show(said.MadeAt);

    private static string Deletion(Deletion? deletion) => deletion is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"by {known.By} at {TimeArgument.Show(known.At)}")
        : "by an unknown caller";
}
