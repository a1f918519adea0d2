using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.ExportFormat;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>Verifies an export in one pass; in memory is one line. What is wrong with the file itself is told also
/// where only some streams are asked for.</summary>
/// <param name="follow">As <see cref="StoreVerification"/> has it.</param>
internal sealed class ExportVerification(
    string path, StreamPrefix prefix, Action<Finding> report, Func<StreamId, Action<long, ChainHash>?> follow) : IVerification
{
    public async IAsyncEnumerable<VerifiedStream> StreamsAsync(
        IReadOnlySet<StreamId>? only, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = ExportFile.Open(path);
        var lines = file.Lines();
        using var streams = new ExportedStreams(prefix, finding =>
        {
            if (only is null || finding.Stream is null || only.Contains(new StreamId(finding.Stream))) report(finding);
        }, follow);
        for (var isOver = false; !isOver;)
        {
            isOver = !await NextAsync(lines, streams, ct);
            while (streams.Ended.TryDequeue(out var verified))
                if (only is null || only.Contains(verified.Id)) yield return verified;
        }
    }

    /// <returns>False where the file is over.</returns>
    private async ValueTask<bool> NextAsync(LineReader lines, ExportedStreams streams, CancellationToken ct)
    {
        try
        {
            if (await lines.ReadAsync(ct) is not { } line)
            {
                streams.End(fault: null);
                return false;
            }

            if (lines.Number == 1) RequireOurs(line.Span);
            return streams.Check(line.Span);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            streams.End(e.Message);
            return false;
        }
    }

    private void RequireOurs(ReadOnlySpan<byte> header)
    {
        if (ExportLines.VersionIn(header) is not { } version)
            throw new AuditException($"{path} is neither an embedded log nor an export: it begins as neither does.");
        if (version != ExportLines.Version)
            throw new AuditException($"{path} is an export of version {version}; this program reads version {ExportLines.Version}.");
    }
}
