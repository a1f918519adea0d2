using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Import;

/// <summary><c>audit import</c>: an export into a store. On an embedded log all of it or nothing; on EventStoreDB
/// stream by stream, and the same command goes on where it was stopped.</summary>
internal static class ImportCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var file = new Argument<string>("FILE") { Description = "What `streams-audit export` wrote, compressed or not." };
        var deletions = new Option<bool>("--deletions") { Description = "Delete in the store, for ever, what the export says was deleted and is there with its events." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything and say what would be done." };
        var command = new Command("import", "Read streams from an export into a store; what is there already is left as it is.") { file, deletions, dryRun };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context,
            shared.LocationIn(parsed),
            shared.PrefixIn(parsed),
            parsed.GetRequiredValue(file),
            parsed.GetValue(deletions),
            parsed.GetValue(dryRun),
            shared.WantsJson(parsed),
            ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context,
        StoreLocation location,
        StreamPrefix prefix,
        string file,
        bool deletions,
        bool isDryRun,
        bool json,
        CancellationToken ct)
    {
        var import = new FileImport(file, prefix);
        await Progress("Checking", advance => import.CheckAsync(advance, ct));
        var report = new CopyReport(context.Console, json);
        if (isDryRun)
        {
            await using var present = await StoreOpening.PresentAsync(location, prefix, context, ct);
            await RunOnAsync(new DryRunTarget(present));
            return report.Finish("", "this was a dry run.");
        }

        if (location is StoreLocation.Embedded embedded)
        {
            await using var transaction = await StoreOpening.ImportAsync(embedded, context, ct);
            await RunOnAsync(new ImportTarget(transaction));
            ct.ThrowIfCancellationRequested();
            if (!report.HasFindings) transaction.Commit();
            return report.Finish("Imported", report.HasFindings ? "an import is all or nothing." : null);
        }

        await using var log = await StoreOpening.WriteAsync(location, prefix, context, ct);
        await RunOnAsync(new LogTarget(log, context.Time));
        return report.Finish("Imported", nothingBecause: null);

        Task RunOnAsync(ICopyTarget target) => Progress("Importing", advance => import.RunAsync(target, deletions, report, advance, ct));

        Task Progress(string what, Func<Advance, Task> work) => context.Console.WithProgressAsync(what, isShown: !json, work);
    }
}
