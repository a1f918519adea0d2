using System.CommandLine;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Export;

/// <summary><c>audit export</c>: streams as one file that can be read in ten years, without this program too.</summary>
internal static class ExportCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var ids = new Argument<string[]>("ID") { Description = "The streams to be exported.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All streams of the store." };
        var output = new Option<string>("--out") { Description = "The file; compressed where it ends in .gz; - for stdout.", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var running = new Option<bool>("--running") { Description = "Streams that have not ended too, as far as they are." };
        var damaged = new Option<bool>("--damaged") { Description = "Damaged streams too, marked as such; an import refuses them." };
        var command = new Command("export", "Write streams to a file, with their hashes and a digest.") { ids, all, output, force, running, damaged };
        shared.AddTo(command);
        command.SetAction((parsed, ct) =>
        {
            var chosen = parsed.GetValue(ids) ?? [];
            if (parsed.GetValue(all) == chosen.Length > 0)
                throw new AuditException("Name the streams to be exported, or give --all for all of them; not both.");
            return RunAsync(
                context,
                shared,
                parsed,
                new ExportChoice(chosen, parsed.GetValue(running), parsed.GetValue(damaged)),
                parsed.GetRequiredValue(output),
                parsed.GetValue(force),
                ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, ExportChoice choice, string path, bool force, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        if (store.Embedded is not null && store.Location is StoreLocation.Embedded embedded
            && Path.GetDirectoryName(Path.GetFullPath(path)) == embedded.Folder && path != "-")
            throw new AuditException($"{path} is in the log's own folder, where nothing but the log belongs. Give another.");

        using var output = ExportOutput.Open(path, force, context.Console);
        using var writer = new ExportWriter(output.Write);
        var export = new StreamExport(store, choice, writer);
        var manifest = await context.Console.WithProgressAsync("Exporting", advance => export.RunAsync(advance, ct));
        output.Complete();

        if (export.Running > 0) context.Console.Note($"{export.Running} streams have not ended and were left out; --running exports what is there of them.");
        if (manifest.Damaged > 0) context.Console.Note($"{manifest.Damaged} streams are damaged; the file cannot be imported. See `streams-audit verify`.");
        if (path == "-") return ExitCode.Ok;
        if (shared.WantsJson(parsed))
        {
            context.Console.WriteJson(
                new ExportSummary(path, manifest.Streams, manifest.Deleted, manifest.Damaged, manifest.Events, export.Running, manifest.Sha256, await LogIdAsync(store, ct)),
                ExportJson.Default.ExportSummary);
        }
        else
        {
            context.Console.WriteLine($"{manifest.Streams} streams ({manifest.Deleted} deleted), {manifest.Events} events, SHA-256 {manifest.Sha256}");
        }

        return ExitCode.Ok;
    }

    /// <summary>Null where it is damaged, which is no matter of the streams: an export is how they are saved.</summary>
    private static async Task<string?> LogIdAsync(Store store, CancellationToken ct)
    {
        try
        {
            return await store.LogIdAsync(ct);
        }
        catch (LogDamagedException)
        {
            return null;
        }
    }
}

/// <summary><c>export --json</c>.</summary>
/// <param name="Sha256">Of the export but its last line, uncompressed.</param>
/// <param name="LogId">Of the log that it comes from, which the file itself does not say.</param>
internal sealed record ExportSummary(
    string File, long Streams, long Deleted, long Damaged, long Events, long Running, string Sha256, string? LogId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportSummary))]
internal sealed partial class ExportJson : JsonSerializerContext;
