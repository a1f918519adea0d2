namespace EventSourcedStreams.Audit.Tests;

/// <summary>One finding of <c>verify --json</c>.</summary>
internal sealed record Found(string Code, string? Stream, long? Revision);

internal static class VerifyRuns
{
    public static Task<AuditRun> VerifyAsync(string folder, params string[] more) =>
        AuditRun.OfAsync(["verify", "--json", "--store", folder, .. more]);

    public static IReadOnlyList<Found> Findings(this AuditRun run) =>
    [
        .. run.Json.Where(line => line.GetProperty("kind").GetString() == "finding").Select(line => new Found(
            line.GetProperty("code").GetString()!,
            line.TryGetProperty("stream", out var stream) ? stream.GetString() : null,
            line.TryGetProperty("revision", out var revision) ? revision.GetInt64() : null)),
    ];

    public static System.Text.Json.JsonElement Summary(this AuditRun run) =>
        run.Json.Single(line => line.GetProperty("kind").GetString() == "summary");

    public static void ShouldBeClean(this AuditRun run)
    {
        run.Findings().Should().BeEmpty();
        run.ExitCode.Should().Be(0, run.Error);
    }
}
