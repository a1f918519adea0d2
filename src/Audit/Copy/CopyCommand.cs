using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.List;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary><c>audit copy</c>: streams from one store to another, as they are; also the way from one machine to a
/// cluster. Stopped anywhere, the same command goes on.</summary>
internal static class CopyCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var ids = new Argument<string[]>("ID") { Description = "The streams to be copied; none for all.", Arity = ArgumentArity.ZeroOrMore };
        var from = new Option<string>("--from") { Description = "The store to be read: a folder or a connection string.", Required = true };
        var to = new Option<string>("--to") { Description = "The store to be written; in a folder without a log one is made.", Required = true };
        var running = new Option<bool>("--running") { Description = "Streams that have not ended too, as far as they are; run it again for the rest." };
        var deletions = new Option<bool>("--deletions") { Description = "Delete in the target, for ever, what was deleted in the source since it was copied." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var filter = new ListFilterOptions();
        var command = new Command("copy", "Copy streams to another store, checked; again for what has come since.")
        {
            ids, from, to, running, deletions, dryRun, shared.Prefix, shared.Json,
        };
        filter.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context,
            StoreLocation.Parse(parsed.GetRequiredValue(from)),
            StoreLocation.Parse(parsed.GetRequiredValue(to)),
            shared.PrefixIn(parsed),
            new CopyChoice(parsed.GetValue(ids) ?? [], filter.FilterIn(parsed), parsed.GetValue(running), parsed.GetValue(deletions)),
            parsed.GetValue(dryRun),
            shared.WantsJson(parsed),
            ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context,
        StoreLocation from,
        StoreLocation to,
        StreamPrefix prefix,
        CopyChoice choice,
        bool isDryRun,
        bool json,
        CancellationToken ct)
    {
        if (from == to) throw new AuditException($"--from and --to are the same store, {from}.");
        await using var source = await Store.OpenAsync(from, prefix, context, ct);
        var report = new CopyReport(context.Console, json);
        if (isDryRun)
        {
            await using var present = await StoreOpening.PresentAsync(to, prefix, context, ct);
            await CopyAsync(new DryRunTarget(present));
            return report.Finish("", "this was a dry run.");
        }

        await using (var log = await StoreOpening.WriteAsync(to, prefix, context, ct)) await CopyAsync(new LogTarget(log, context.Time));
        return report.Finish("Copied", nothingBecause: null);

        Task CopyAsync(ICopyTarget target)
        {
            var copier = new StreamCopier(source, target, choice, report);
            return context.Console.WithProgressAsync("Copying", isShown: !json, advance => copier.RunAsync(advance, ct));
        }
    }
}
