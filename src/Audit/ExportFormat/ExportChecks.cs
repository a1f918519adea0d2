using System.Security.Cryptography;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.ExportFormat;

/// <summary>What must hold of an export, line by line.</summary>
internal sealed class ExportChecks(StreamPrefix prefix) : IDisposable
{
    private static readonly byte[] LineFeed = "\n"u8.ToArray();

    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ExportCount count = new();
    private StreamId? previous, current;
    private StreamCheck? check;
    private ExportFields? fields;
    private long events;

    /// <summary>The last line; good once <see cref="Check"/> has given null.</summary>
    public ExportManifest? Manifest { get; private set; }

    /// <summary>Begins a message about a line of which not even the stream is sure.</summary>
    public string Where => current is { } stream ? $"Stream {prefix.Text(stream)}, revision {events}: "
        : fields?.Place is var (name, revision) ? $"Stream {prefix.Texts}{name}, revision {revision}: "
        : previous is { } before ? $"After stream {prefix.Text(before)}: " : "";

    /// <exception cref="FormatException">It is no export, or one of a later version.</exception>
    public void CheckHeader(ReadOnlySpan<byte> line)
    {
        if (!line.SequenceEqual(ExportLines.Header)) throw new FormatException(WhyNotOurs(line));
        Digest(line);
    }

    /// <returns>Null for the last line.</returns>
    /// <exception cref="FormatException">It is no such line, or cannot stand here.</exception>
    /// <exception cref="LogDamagedException">The event is not the one that was written.</exception>
    public CarriedItem? Check(ReadOnlySpan<byte> line)
    {
        fields = ExportFields.Parse(line);
        if (fields.Fault is { } fault) throw new FormatException(fault);
        if (fields.Item(prefix) is not { } item)
        {
            CheckManifest(fields.Manifest(), line);
            return null;
        }

        RequireForm(line, ExportLines.Of(item));
        if (current is { } open && open != item.Stream)
            throw new FormatException($"Here is stream {item.Stream}, and the stream before it has not ended.");
        if (current is null) Begin(item.Stream);
        switch (item)
        {
            case CarriedItem.Damaged or CarriedItem.Tombstone when events > 0 || check is null:
                throw new FormatException("This cannot stand after what is before it.");
            case CarriedItem.Damaged:
                EndCheck();
                break;
            case CarriedItem.Event { Stored: var stored }:
                check?.Check(stored);
                events++;
                break;
            case CarriedItem.End end:
                if (end.Events != events || end.Head != check?.Head)
                    throw new FormatException($"The stream's last line, of {end.Events} events, does not fit the {events} before it.");
                Close();
                break;
            case CarriedItem.Tombstone:
                Close();
                break;
        }

        Digest(line);
        count.Add(item);
        return item;
    }

    public void Dispose()
    {
        EndCheck();
        digest.Dispose();
    }

    private void Begin(StreamId stream)
    {
        if (previous is { } before && Utf8Order.Instance.Compare(stream, before) <= 0)
            throw new FormatException($"Stream {stream} cannot stand here: streams are in the order of their ids, each once.");
        (current, check, events) = (stream, new StreamCheck(prefix, stream), 0);
    }

    private void Close()
    {
        EndCheck();
        (previous, current, events) = (current, null, 0);
    }

    private void EndCheck()
    {
        check?.Dispose();
        check = null;
    }

    private void CheckManifest(ExportManifest said, ReadOnlySpan<byte> line)
    {
        RequireForm(line, ExportLines.Of(said));
        if (current is not null) throw new FormatException("The file's last line comes before the stream has ended.");
        Manifest = count.Manifest(digest);
        if (said with { Sha256 = "" } != Manifest with { Sha256 = "" })
            throw new FormatException(
                $"The last line counts {said.Streams} streams and {said.Events} events; the file has {Manifest.Streams} and {Manifest.Events}.");
        if (said.Sha256 != Manifest.Sha256)
            throw new FormatException($"The digest of the file is {Manifest.Sha256}; its last line says {said.Sha256}.");
    }

    private void Digest(ReadOnlySpan<byte> line)
    {
        digest.AppendData(line);
        digest.AppendData(LineFeed);
    }

    private static void RequireForm(ReadOnlySpan<byte> line, ReadOnlySpan<byte> only)
    {
        if (ExportLines.Difference(line, only) is { } what) throw new FormatException(what);
    }

    private static string WhyNotOurs(ReadOnlySpan<byte> line) => ExportLines.VersionIn(line) is { } version and not ExportLines.Version
        ? $"It is an export of version {version}; this program reads version {ExportLines.Version}."
        : "It does not begin as an export does. Name a file that `streams-audit export` wrote.";
}
