using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Report;

/// <summary><c>audit report</c>: one stream as a page to be handed on.</summary>
internal static class ReportCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var stream = new StreamArgument();
        var @out = new Option<string>("--out") { Description = "The page's file, as F.html.", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there already." };
        var command = new Command("report", "Write a stream's timeline, text, events and verification as one page of HTML.")
        {
            stream.Argument, @out, force,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, shared, parsed, stream, parsed.GetRequiredValue(@out), parsed.GetValue(force), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument stream, string file, bool force, CancellationToken ct)
    {
        if (file.Length == 0) throw new AuditException("--out is empty. Name a file.");
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var id = await stream.FindAsync(parsed, store, ct);
        var history = await StreamHistory.ReadAsync(store, id, ct);
        var origin = await ReportOrigin.OfAsync(store, context.Time, ct);
        var (bytes, digest) = (0L, "");
        await NewFile.WriteAsync(file, force, async written =>
        {
            await using (var writer = new StreamWriter(written, new UTF8Encoding(false), 1 << 16, leaveOpen: true))
                new ReportPage(new Html(writer), history, origin).Write();
            ct.ThrowIfCancellationRequested();
            bytes = written.Position;
            written.Position = 0;
            digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(written, ct));
        });

        var made = new MadeReport(
            Path.GetFullPath(file), bytes, digest, id.Value, history.Recorded.LastOrDefault()?.Revision.Value, history.Damage.Count + history.Findings.Count);
        if (shared.WantsJson(parsed)) context.Console.WriteJson(made, ReportJson.Default.MadeReport);
        else context.Console.WriteLine($"{made.File}: {made.Bytes} bytes, SHA-256 {made.Sha256}");
        if (made.Findings > 0) context.Console.Note("Something was found: see the report.");
        return made.Findings == 0 ? ExitCode.Ok : ExitCode.Findings;
    }
}

/// <summary>What <c>report --json</c> says of the page that it has written.</summary>
/// <param name="Revision">The last event that is in it; left out for a deleted stream.</param>
/// <param name="Findings">How many things are wrong with the stream.</param>
internal sealed record MadeReport(string File, long Bytes, string Sha256, string Id, long? Revision, int Findings);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MadeReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
