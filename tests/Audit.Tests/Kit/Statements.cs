using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A pair of keys, and the statements signed with it, in a folder apart from the log.</summary>
internal sealed class Statements : IDisposable
{
    private readonly TempFolder folder = new();

    public string Key => folder.File("k.key.pem");

    public string Public => folder.File("k.pub.pem");

    public string Path => folder.Path;

    public static async Task<Statements> WithKeysAsync()
    {
        var statements = new Statements();
        (await AuditRun.OfAsync("keygen", "--out", statements.File("k"))).ExitCode.Should().Be(0);
        return statements;
    }

    public string File(string name) => folder.File(name);

    /// <summary>Signs, and expects a clean log.</summary>
    /// <returns>The statement's file.</returns>
    public async Task<string> SignAsync(string log, string name = "one.jsonl", string? previous = null)
    {
        string[] chained = previous is null ? [] : ["--previous", previous, "--key", Public];
        var run = await VerifyRuns.VerifyAsync(log, ["--sign", Key, "--out", File(name), .. chained]);
        run.ShouldBeClean();
        return File(name);
    }

    public Task<AuditRun> AgainstAsync(string log, params string[] statements) => VerifyRuns.VerifyAsync(
        log, ["--key", Public, .. statements.SelectMany(statement => new[] { "--against", statement })]);

    public static IReadOnlyList<JsonElement> Lines(string file) =>
        [.. System.IO.File.ReadAllLines(file).Select(line => JsonElement.Parse(line))];

    public void Dispose() => folder.Dispose();
}
