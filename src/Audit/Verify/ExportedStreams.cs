using System.Security.Cryptography;
using EventSourcedStreams.Audit.ExportFormat;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>Brings the lines of an export before the verifier of the stream in which they stand, and goes on behind
/// what cannot be.</summary>
internal sealed class ExportedStreams(
    StreamPrefix prefix, Action<Finding> report, Func<StreamId, Action<long, ChainHash>?> follow) : IDisposable
{
    private const string LastLine = "the stream's last line";

    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ExportCount count = new();
    private StreamVerifier? verifier;
    private StreamId current;
    private StreamId? last;
    private Action<long, ChainHash>? seen;
    private bool isBehindUnreadable, isOver;
    private long number;

    /// <summary>The streams that are over, to be taken out.</summary>
    public Queue<VerifiedStream> Ended { get; } = [];

    /// <returns>False where nothing more is to be read.</returns>
    public bool Check(ReadOnlySpan<byte> line)
    {
        number++;
        if (isOver)
        {
            Report("the end of the file behind its last line", $"line {number}");
            return false;
        }

        var fields = number == 1 ? null : ExportFields.Parse(line);
        if (fields is not null) CheckLine(fields, line);
        else if (ExportLines.Difference(line, ExportLines.Header) is { } unlike) Report("the first line of every export", unlike);
        digest.AppendData(line);
        digest.AppendData("\n"u8);
        return true;
    }

    /// <param name="fault">Why nothing more can be read; null at the file's end.</param>
    public void End(string? fault)
    {
        Abandon(fault ?? "the file ends before it");
        if (!isOver) Report("the file's last line, with its digest", fault ?? "the file ends before it: it was cut off");
        else if (fault is not null) Report("the end of the file behind its last line", fault);
    }

    public void Dispose()
    {
        verifier?.Dispose();
        digest.Dispose();
    }

    private void CheckLine(ExportFields fields, ReadOnlySpan<byte> line)
    {
        CarriedItem? item;
        ExportManifest? manifest;
        try
        {
            if (fields.Fault is { } fault) throw new FormatException(fault);
            item = fields.Item(prefix);
            manifest = item is null ? fields.Manifest() : null;
        }
        catch (FormatException e)
        {
            CheckUnreadable(fields, e.Message);
            return;
        }

        if (manifest is not null) CheckManifest(manifest, line);
        else CheckItem(item!, line);
    }

    private void CheckUnreadable(ExportFields fields, string what)
    {
        if (verifier is null && fields.Place is ({ Length: > 0 and <= StreamId.MaxChars } stream, _)) Begin(new StreamId(stream));
        if (verifier is null) Report("a line of an export", what);
        else verifier.Unreadable(verifier.Next, $"line {number}: {what}");
        isBehindUnreadable = verifier is not null;
    }

    private void CheckItem(CarriedItem item, ReadOnlySpan<byte> line)
    {
        if (current != item.Stream) Abandon($"line {number} is of stream {item.Stream}");
        var isFirst = verifier is null;
        var stream = verifier ?? Begin(item.Stream);
        isBehindUnreadable = false;
        if (ExportLines.Difference(line, ExportLines.Of(item)) is { } unlike)
            stream.Report(FindingCode.Export, (item as CarriedItem.Event)?.Stored.Revision ?? stream.Next, "a line in its one form", $"line {number}: {unlike}");
        count.Add(item);
        switch (item)
        {
            case CarriedItem.Event { Stored: { Revision: >= 0 and < StoredEvent.TombstoneRevision } stored }:
                stream.Check(stored);
                if (stream.Hash is { } hash) seen?.Invoke(stored.Revision, hash);
                break;
            case CarriedItem.Event { Stored.Revision: var revision }:
                stream.Unreadable(stream.Next, $"line {number} is of revision {revision}");
                break;
            case CarriedItem.Damaged damaged:
                stream.Report(FindingCode.Export, null, "a stream that was sound", $"exported as damaged: {damaged.What}");
                break;
            case CarriedItem.End end:
                RequireEnd(stream, end);
                Close(stream.Result());
                break;
            case CarriedItem.Tombstone tombstone:
                if (!isFirst) stream.Report(FindingCode.Head, stream.Next, LastLine, $"line {number} says that it was deleted");
                var entry = new StreamEntry(item.Stream, null, IsTombstoned: true, tombstone.AsStored(prefix));
                Close(StoredStreamReader.Deleted(stream, entry));
                break;
        }
    }

    private StreamVerifier Begin(StreamId stream)
    {
        (current, verifier, seen) = (stream, new StreamVerifier(stream, report), follow(stream));
        if (last is { } before && Utf8Order.Instance.Compare(stream, before) <= 0)
            verifier.Report(FindingCode.Export, null, "streams in the order of their ids, each once", $"line {number} stands behind stream {before}");
        last = stream;
        return verifier;
    }

    /// <summary>An event that is missing is no second finding where a line could not be read, or where its place is
    /// known.</summary>
    private static void RequireEnd(StreamVerifier stream, CarriedItem.End end)
    {
        if (end.Head is { } head && (stream.Revision != head.Revision.Value || stream.Hash is { } hash && hash != head.Hash))
        {
            stream.Report(
                FindingCode.Head,
                Math.Min(stream.Next, head.Revision.Value),
                $"the end of the stream at revision {head.Revision} with hash {head.Hash}",
                $"revision {stream.Revision} with hash {stream.Hash?.ToString() ?? "(none)"}");
        }
        else if (stream.Findings == 0 && stream.Events != end.Events)
        {
            stream.Report(FindingCode.Head, stream.Next, $"{end.Events} events", $"{stream.Events}");
        }
        else if (stream.Findings == 0 && end.Head is null)
        {
            stream.Report(FindingCode.Head, stream.Next, LastLine + " with its hash", "none");
        }
    }

    /// <summary>The stream has no last line, unless what could not be read was that.</summary>
    private void Abandon(string found)
    {
        if (verifier is not { } stream) return;
        if (!isBehindUnreadable) stream.Report(FindingCode.Head, stream.Next, LastLine, found);
        Close(stream.Result());
    }

    private void Close(VerifiedStream verified)
    {
        Ended.Enqueue(verified);
        verifier!.Dispose();
        (verifier, isBehindUnreadable) = (null, false);
    }

    private void CheckManifest(ExportManifest said, ReadOnlySpan<byte> line)
    {
        Abandon("the file's last line");
        isOver = true;
        if (ExportLines.Difference(line, ExportLines.Of(said)) is { } unlike) Report("a line in its one form", unlike);
        var there = count.Manifest(digest);
        if (said with { Sha256 = "" } != there with { Sha256 = "" })
            Report($"{Counts(said)}, as the last line says", Counts(there));
        if (said.Sha256 != there.Sha256)
            report(new Finding(FindingCode.Digest, null, null, $"SHA-256 {said.Sha256} of what is above the last line", there.Sha256));
    }

    private static string Counts(ExportManifest counted) =>
        $"{counted.Streams} streams ({counted.Deleted} deleted, {counted.Damaged} damaged), {counted.Events} events";

    private void Report(string expected, string found) =>
        report(new Finding(FindingCode.Export, null, null, expected, $"line {number}: {found}"));
}
