using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Check;

/// <summary><c>audit check</c>: does the server say what the log says. Only GET is sent.</summary>
internal static class CheckCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var server = new Option<string>("--server") { Description = "The running server, as http://127.0.0.1:5280.", Required = true };
        var header = new Option<string[]>("--header")
        {
            Description = "Sent with every request, as \"Authorization: Bearer …\"; may be given again.",
        };
        var command = new Command("check", "Compare list, streams and texts of a running server with what its log says.") { server, header };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, shared, parsed, parsed.GetRequiredValue(server), [.. parsed.GetValue(header) ?? [], .. Keys(parsed.GetValue(shared.Key))], ct));
        return command;
    }

    private static string[] Keys(string? key) => key is null ? [] : [$"Authorization: Bearer {key}"];

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, string url, string[] headers, CancellationToken ct)
    {
        using var server = new ServerApi(url, headers, context.Time);
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var check = await context.Console.WithProgressAsync("Checking", async advance =>
        {
            var running = new ServerCheck(store, server, context.Time);
            await running.RunAsync(advance, ct);
            return running;
        });

        var isJson = shared.WantsJson(parsed);
        foreach (var finding in check.Findings)
        {
            if (isJson) context.Console.WriteJson(finding, CheckJson.Default.CheckFinding);
            else context.Console.WriteLine(Line(finding));
        }

        var summary = check.Summary;
        if (summary.Findings > check.Findings.Count) context.Console.Note($"{summary.Findings - check.Findings.Count} findings more.");
        if (isJson) context.Console.WriteJson(summary, CheckJson.Default.CheckSummary);
        else context.Console.WriteLine(Line(summary));
        return summary.Findings == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static string Line(CheckFinding f) =>
        $"{f.Id}, {f.Where}{(f.Revision is { } revision ? $", revision {revision}" : "")}, {f.Field}: "
            + $"the server has “{f.Server ?? "(nothing)"}”, the log “{f.Log ?? "(nothing)"}”";

    private static string Line(CheckSummary s) =>
        $"{s.Streams} streams in the log, {s.Listed} listed by {s.Server}: "
            + (s.Findings == 0 ? "they agree" : $"{s.Findings} findings")
            + (s.Grown == 0 ? "" : $"; {s.Grown} have gone on since this copy of the log was made")
            + (s.Unaddressable == 0 ? "" : $"; {s.Unaddressable} have ids that this API does not take");
}
