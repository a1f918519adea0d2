using System.Text.Json;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>The program run in this process, and what it said.</summary>
internal sealed record AuditRun(int ExitCode, string Out, string Error)
{
    /// <summary>One element a line of <c>--json</c>.</summary>
    public IReadOnlyList<JsonElement> Json =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    public static Task<AuditRun> OfAsync(params string[] args) => OfAsync(TimeProvider.System, default, args);

    public static async Task<AuditRun> OfAsync(TimeProvider time, CancellationToken ct, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await AuditProgram.RunAsync(args, new AuditConsole(output, error), time, ct);
        return new AuditRun(exitCode, output.ToString(), error.ToString());
    }
}
