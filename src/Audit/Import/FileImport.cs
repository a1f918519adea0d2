using EventSourcedStreams.Audit.Carrying;
using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Audit.ExportFormat;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Import;

/// <summary>An export on its way into a store: read once to be checked, and once more to be written.</summary>
internal sealed class FileImport(string path, StreamPrefix prefix)
{
    private ExportManifest? manifest;

    /// <summary>Everything that can be found out without the target.</summary>
    /// <exception cref="AuditException">It is not what was written, has damaged streams, or such as no surface could
    /// have written (<see cref="StreamAdmission"/>).</exception>
    public async Task CheckAsync(Advance advance, CancellationToken ct)
    {
        await using var file = ExportFile.Open(path);
        CarriedItem.Damaged? damaged = null;
        string? refused = null;
        await foreach (var item in file.ReadAsync(prefix, ct))
        {
            damaged ??= item as CarriedItem.Damaged;
            if (damaged is null && refused is null && item.Refusal() is var (revision, what))
                refused = $"Stream {item.Stream}{(revision is { } at ? $", revision {at}" : "")}: {what}";
            advance.To(file.Position, file.Length);
        }

        manifest = file.Manifest;
        if (damaged is null && refused is null) return;
        if (damaged is null)
        {
            throw new AuditException(
                $"{path} holds what no request could have written, and is not imported: {refused} Leave such streams out: `streams-audit export` takes the ids of the others.",
                ExitCode.Findings);
        }

        throw new AuditException(
            $"{path} has {manifest!.Damaged} damaged streams and cannot be imported. The first: stream {damaged.Stream}: {damaged.What}",
            ExitCode.Findings);
    }

    /// <exception cref="AuditException">It is another file than the one that was checked, or the target cannot be
    /// written.</exception>
    public async Task RunAsync(ICopyTarget target, bool deletions, CopyReport report, Advance advance, CancellationToken ct)
    {
        await using var file = ExportFile.Open(path);
        StreamReceiver? receiver = null;
        await foreach (var item in file.ReadAsync(prefix, ct))
        {
            receiver ??= new StreamReceiver(target, prefix, item.Stream, deletions);
            await receiver.ReceiveAsync(item, ct);
            if (receiver.Outcome is not { } outcome) continue;
            report.Add(outcome);
            receiver = null;
            advance.To(file.Position, file.Length);
        }

        if (file.Manifest != manifest) throw new AuditException($"{path} was changed while it was being imported. Import it again.");
    }
}
