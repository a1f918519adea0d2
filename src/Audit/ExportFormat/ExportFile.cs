using System.IO.Compression;
using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.ExportFormat;

/// <summary>An export as a file, compressed (gzip) or not: told by its first bytes, not by its name.</summary>
public sealed class ExportFile : IAsyncDisposable
{
    private readonly FileStream file;
    private readonly Stream content;
    private LineReader? lines;

    private ExportFile(FileStream file, Stream content) => (this.file, this.content) = (file, content);

    /// <summary>Bytes of the file, and how many of them have been read.</summary>
    public long Length => file.Length;

    public long Position => file.Position;

    public bool IsCompressed => content != file;

    /// <summary>Where the line of what came last begins, in bytes of the uncompressed file.</summary>
    internal long LineStart => lines?.Start ?? 0;

    /// <summary>What the last line says, once all has been read and found right.</summary>
    internal ExportManifest? Manifest { get; private set; }

    /// <exception cref="AuditException">There is no such file, or it is a folder.</exception>
    public static ExportFile Open(string path)
    {
        if (Directory.Exists(path)) throw new AuditException($"{path} is a folder. Name the file that `streams-audit export` wrote.");
        OrdinaryFile.Require(path);
        if (!File.Exists(path)) throw new AuditException($"There is no {path}.");
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
        Span<byte> first = stackalloc byte[2];
        var isCompressed = file.ReadAtLeast(first, 2, throwOnEndOfStream: false) == 2 && first is [0x1F, 0x8B];
        file.Position = 0;
        return new ExportFile(file, isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file);
    }

    /// <summary>
    /// Everything in it, in its order, once; in memory is one line. What comes has been checked: each stream's hash
    /// chain, revisions and transitions and, at its end, what its last line says; of a damaged one
    /// (<see cref="CarriedItem.Damaged"/> comes first) nothing. Only when all has come is the digest known to be right,
    /// and <see cref="Manifest"/> set.
    /// </summary>
    /// <param name="prefix">Gives <see cref="StoredEvent.Stream"/>; the file itself has ids without it.</param>
    /// <exception cref="AuditException"><see cref="ExitCode.Findings"/>: it is not what was written; names line, stream
    /// and revision.</exception>
    internal async IAsyncEnumerable<CarriedItem> ReadAsync(StreamPrefix prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        lines = Lines();
        using var checks = new ExportChecks(prefix);
        while (Manifest is null)
        {
            if (await NextAsync(lines, checks, ct) is { } item) yield return item;
        }
    }

    /// <summary>One stream's items; none where it is not in there. The file is read to its end, and checked, all the
    /// same.</summary>
    /// <inheritdoc cref="ReadAsync(StreamPrefix, CancellationToken)"/>
    internal IAsyncEnumerable<CarriedItem> ReadAsync(StreamPrefix prefix, StreamId stream, CancellationToken ct) =>
        ReadAsync(prefix, ct).Where(item => item.Stream == stream);

    /// <summary>Its lines as they are, once, unchecked.</summary>
    internal LineReader Lines() => new(content, ExportLines.MaxBytes);

    public async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        await file.DisposeAsync();
    }

    /// <returns>Null for the first line, and for the last one, after which <see cref="Manifest"/> is there.</returns>
    private async ValueTask<CarriedItem?> NextAsync(LineReader lines, ExportChecks checks, CancellationToken ct)
    {
        try
        {
            var line = await lines.ReadAsync(ct) ?? throw new FormatException("The file ends here without its last line: it was cut off.");
            if (lines.Number == 1)
            {
                checks.CheckHeader(line.Span);
                return null;
            }

            if (checks.Check(line.Span) is { } item) return item;
            var manifest = checks.Manifest;
            if (await lines.ReadAsync(ct) is not null) throw new FormatException("Something follows on the last line.");
            Manifest = manifest;
            return null;
        }
        catch (Exception e) when (e is FormatException or LogDamagedException or InvalidDataException)
        {
            var where = e is LogDamagedException ? "" : checks.Where;
            throw new AuditException($"{file.Name}, line {lines.Number}: {where}{e.Message}", ExitCode.Findings, e);
        }
    }
}
