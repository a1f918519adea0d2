using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>The statement itself: its bytes, its signature, its chain.</summary>
public sealed class StatementTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private Statements statements = null!;

    public async Task InitializeAsync()
    {
        statements = await Statements.WithKeysAsync();
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("ä\"\u2028", Created("ä\"\u2028"), Started(), Completed());
        await log.WriteAsync("b", Created("b"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        statements.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task It_says_what_it_is_and_of_every_stream_where_it_ends()
    {
        var time = new ManualTime(Noon);
        var file = statements.File("one.jsonl");
        var run = await AuditRun.OfAsync(time, default, "verify", "--store", folder.Path, "--sign", statements.Key, "--out", file);

        run.ExitCode.Should().Be(0, run.Out);
        using var copy = LogCopy.Of(folder.Path);
        var lines = Statements.Lines(file);
        lines.Should().HaveCount(5);
        Names(lines[0]).Should().Equal("statement", "v", "about", "tool", "prefix", "at", "publicKey", "publicKeySha256");
        lines[0].GetProperty("statement").GetString().Should().Be("event-sourced-streams");
        lines[0].GetProperty("v").GetInt32().Should().Be(1);
        lines[0].GetProperty("tool").GetString().Should().Be($"EventSourcedStreams audit {Commands.ToolVersion.Text}").And.NotEndWith(" 0.0.0").And.Contain("+");
        lines[0].GetProperty("at").GetString().Should().Be("2026-11-21T12:00:00Z");
        Names(lines[1]).Should().Equal("stream", "status", "revision", "hash");
        lines[1].GetProperty("stream").GetString().Should().Be("ä\"\u2028");
        lines[1].GetProperty("status").GetString().Should().Be("done");
        lines[1].GetProperty("revision").GetInt64().Should().Be(2);
        lines[1].GetProperty("hash").GetString().Should().Be(HashIn(copy.Rows("ä\"\u2028")[2]));
        lines[2].GetProperty("status").GetString().Should().Be("pending");
        Names(lines[3]).Should().Equal("streams", "deleted", "events", "bytes", "findings", "end", "sha256");
        lines[3].GetProperty("streams").GetInt64().Should().Be(2);
        lines[3].GetProperty("events").GetInt64().Should().Be(4);
        lines[3].GetProperty("end").GetString().Should().Be("4/4");
        Names(lines[4]).Should().Equal("signature");
        run.Out.Should().Contain(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
    }

    [Fact]
    public async Task Openssl_checks_it_as_the_documentation_says()
    {
        if (OperatingSystem.IsWindows()) return;
        var first = await statements.SignAsync(folder.Path);
        var file = await statements.SignAsync(folder.Path, "two.jsonl", first);

        var checks = $"""
            set -e
            cd '{statements.Path}'
            sed '$d' two.jsonl > signed
            sed -n '$s/.*"signature":"\([^"]*\)".*/\1/p' two.jsonl | openssl base64 -d -A > signature
            openssl dgst -sha256 -verify k.pub.pem -signature signature signed
            sed -n '1s/.*"publicKey":"\([^"]*\)".*/\1/p' two.jsonl | openssl base64 -d -A | openssl pkey -pubin -inform DER -outform PEM | cmp - k.pub.pem
            openssl pkey -pubin -in k.pub.pem -outform DER | sha256sum | cut -c1-64
            sed '$d' two.jsonl | sed '$d' | sha256sum | cut -c1-64
            sha256sum one.jsonl | cut -c1-64
            """;
        var (exitCode, output) = await ShellAsync(checks);

        exitCode.Should().Be(0, output);
        var lines = Statements.Lines(file);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(
            "Verified OK",
            lines[0].GetProperty("publicKeySha256").GetString(),
            lines[^2].GetProperty("sha256").GetString(),
            lines[0].GetProperty("previous").GetProperty("sha256").GetString());

        File.WriteAllText(file, File.ReadAllText(file).Replace("\"revision\":2", "\"revision\":3", StringComparison.Ordinal));
        (await ShellAsync(checks)).ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task Openssl_keys_are_taken_and_ours_are_openssl_keys()
    {
        if (OperatingSystem.IsWindows()) return;
        (await ShellAsync($"""
            cd '{statements.Path}'
            openssl pkey -in k.key.pem -pubout | cmp - k.pub.pem || exit 1
            openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out o.key.pem && openssl pkey -in o.key.pem -pubout -out o.pub.pem
            openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key.pem
            openssl genpkey -algorithm ED25519 -out ed.key.pem
            """)).ExitCode.Should().Be(0);

        var run = await SignAsync("o.jsonl", statements.File("o.key.pem"));
        run.ShouldBeClean();
        (await VerifyRuns.VerifyAsync(folder.Path, "--against", statements.File("o.jsonl"), "--key", statements.File("o.pub.pem"))).ShouldBeClean();
        foreach (var bad in new[] { "p384.key.pem", "ed.key.pem", "o.pub.pem", "o.jsonl", "nowhere.pem" })
        {
            var refused = await SignAsync("bad.jsonl", statements.File(bad));
            refused.ExitCode.Should().Be(2, bad);
            refused.Error.Should().Contain(bad);
        }
    }

    [Fact]
    public async Task No_byte_of_it_can_be_changed()
    {
        var bytes = File.ReadAllBytes(await statements.SignAsync(folder.Path));
        var forged = statements.File("forged.jsonl");
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(forged, bytes);
            bytes[at] ^= 1;
            Proves(forged).Should().BeFalse($"byte {at} was changed");
        }

        // Another way to write the same signature is another file.
        var text = Encoding.UTF8.GetString(bytes);
        File.WriteAllText(forged, text.Replace("{\"signature\":", "{ \"signature\":", StringComparison.Ordinal));
        Proves(forged).Should().BeFalse();

        for (var length = 0; length < bytes.Length - 1; length++)
        {
            File.WriteAllBytes(forged, bytes[..length]);
            Proves(forged).Should().BeFalse($"it was cut at {length}");
        }

        foreach (var more in new[] { "\n", "{}", "{\"stream\":\"x\"}\n", Encoding.UTF8.GetString(bytes) })
        {
            File.WriteAllText(forged, Encoding.UTF8.GetString(bytes) + more);
            Proves(forged).Should().BeFalse($"{more} was added");
        }

        File.WriteAllBytes(forged, bytes);
        Proves(forged).Should().BeTrue();

        bool Proves(string file)
        {
            try
            {
                return !Audit.Statements.StatedStreams.Read([file], [], default).Faults().Any();
            }
            catch (AuditException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_statement_of_many_streams_is_read_in_pieces()
    {
        await using (var log = await folder.OpenLogAsync())
            await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => log.WriteAsync($"stream-{i}", Created($"stream-{i}"))));

        var file = await statements.SignAsync(folder.Path);

        new FileInfo(file).Length.Should().BeGreaterThan(3 * 64 * 1024);
        (await statements.AgainstAsync(folder.Path, file)).Summary().GetProperty("against").GetProperty("unchanged").GetInt64().Should().Be(2002);
    }

    [Fact]
    public async Task A_changed_statement_is_a_finding_and_nothing_is_compared()
    {
        var file = await statements.SignAsync(folder.Path);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"pending\"", "\"deleted\"", StringComparison.Ordinal));

        var run = await statements.AgainstAsync(folder.Path, file);

        run.ExitCode.Should().Be(1);
        run.Findings().Should().OnlyContain(f => f.Code == "statement");
        run.Summary().TryGetProperty("against", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Somebody_elses_signature_is_a_finding_with_a_key_and_a_warning_without()
    {
        (await AuditRun.OfAsync("keygen", "--out", statements.File("mallory"))).ExitCode.Should().Be(0);
        (await SignAsync("forged.jsonl", statements.File("mallory.key.pem"))).ShouldBeClean();
        var forged = statements.File("forged.jsonl");

        (await statements.AgainstAsync(folder.Path, forged)).Findings().Should().Equal(new Found("statement", null, null));
        var without = await VerifyRuns.VerifyAsync(folder.Path, "--against", forged);
        without.ShouldBeClean();
        without.Error.Should().Contain("anybody can sign").And.Contain("Give --key");
        (await VerifyRuns.VerifyAsync(
            folder.Path, "--against", forged, "--key", statements.Public, "--key", statements.File("mallory.pub.pem"))).ShouldBeClean();
    }

    [Fact]
    public async Task A_chain_of_statements_is_checked_link_by_link_and_each_against_the_log()
    {
        var first = await statements.SignAsync(folder.Path);
        using var copy = LogCopy.Of(folder.Path);
        await copy.ForgeAsync("b", Started(), Chunk(0, 0, "x"));
        var second = await statements.SignAsync(copy.Path, "two.jsonl", first);
        await copy.ForgeAsync("b", Completed(1, 1));
        var third = await statements.SignAsync(copy.Path, "three.jsonl", second);

        (await statements.AgainstAsync(copy.Path, first, second, third)).ShouldBeClean();
        (await statements.AgainstAsync(copy.Path, first, third)).Findings().Should().Equal(new Found("statement", null, null));
        (await statements.AgainstAsync(copy.Path, second, first)).Findings().Should().Equal(new Found("statement", null, null));
        (await statements.AgainstAsync(folder.Path, first, second, third)).Findings().Should().Equal(
            new Found("cut", "b", 3), new Found("cut", "b", 2));
    }

    [Fact]
    public async Task A_next_statement_of_a_changed_log_says_so_and_one_upon_a_forged_one_is_not_written()
    {
        var first = await statements.SignAsync(folder.Path);
        using var copy = LogCopy.Of(folder.Path);
        copy.Remove("b");
        string[] next = ["--sign", statements.Key, "--out", statements.File("two.jsonl"), "--previous", first];

        var run = await VerifyRuns.VerifyAsync(copy.Path, next);
        run.Findings().Should().Equal(new Found("gone", "b", 0));
        Statements.Lines(statements.File("two.jsonl"))[^2].GetProperty("findings").GetInt64().Should().Be(1);

        File.Delete(statements.File("two.jsonl"));
        File.AppendAllText(first, "\n");
        (await VerifyRuns.VerifyAsync(folder.Path, next)).ExitCode.Should().Be(1);
        File.Exists(statements.File("two.jsonl")).Should().BeFalse();
    }

    [Fact]
    public async Task A_damaged_stream_is_marked_and_one_that_cannot_be_read_has_no_head()
    {
        using var copy = LogCopy.Of(folder.Path);
        copy.Run("UPDATE log SET data = X'00' WHERE position = 2; UPDATE log SET metadata = X'00' WHERE position = 4");

        var run = await VerifyRuns.VerifyAsync(copy.Path, "--sign", statements.Key, "--out", statements.File("one.jsonl"));

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("a log with findings");
        var lines = Statements.Lines(statements.File("one.jsonl"));
        lines[1].GetProperty("findings").GetInt64().Should().Be(2);
        lines[1].GetProperty("revision").GetInt64().Should().Be(2);
        lines[2].TryGetProperty("hash", out _).Should().BeFalse();
        (await statements.AgainstAsync(copy.Path, statements.File("one.jsonl"))).Summary()
            .GetProperty("against").GetProperty("unknown").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task What_is_there_is_never_overwritten_and_nothing_half_written_stays()
    {
        var file = await statements.SignAsync(folder.Path);
        var before = File.ReadAllBytes(file);

        (await SignAsync("one.jsonl", statements.Key)).ExitCode.Should().Be(2);
        var stopped = await AuditRun.OfAsync(
            TimeProvider.System, new CancellationToken(canceled: true),
            "verify", "--store", folder.Path, "--sign", statements.Key, "--out", statements.File("two.jsonl"));

        stopped.ExitCode.Should().Be(130);
        File.ReadAllBytes(file).Should().Equal(before);
        Directory.GetFiles(statements.Path).Select(Path.GetFileName).Should().BeEquivalentTo("k.key.pem", "k.pub.pem", "one.jsonl");
    }

    [Fact]
    public void A_statement_that_is_stopped_in_the_middle_leaves_nothing()
    {
        using var key = Audit.Statements.StatementKey.Private(statements.Key);
        using (var writer = Audit.Statements.StatementWriter.Begin(
            statements.File("half.jsonl"),
            new Audit.Statements.StatementHeader("event-sourced-streams", 1, "", "", null, "text-", default, null, "", ""),
            key))
        {
            Directory.GetFiles(statements.Path, "half.jsonl*").Should().ContainSingle().Which.Should().NotEndWith(".jsonl");
        }

        Directory.GetFiles(statements.Path, "half*").Should().BeEmpty();
    }

    [Fact]
    public async Task Keys_are_never_overwritten_and_the_private_one_is_its_owners_only()
    {
        var key = File.ReadAllText(statements.Key);

        var again = await AuditRun.OfAsync("keygen", "--out", statements.File("k"));

        again.ExitCode.Should().Be(2);
        again.Error.Should().Contain("never overwritten");
        File.ReadAllText(statements.Key).Should().Be(key).And.StartWith("-----BEGIN PRIVATE KEY-----");
        File.ReadAllText(statements.Public).Should().StartWith("-----BEGIN PUBLIC KEY-----");
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(statements.Key).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("not both", "a", "--all")]
    [InlineData("of all streams", "a", "--sign", "k")]
    [InlineData("without signing", "--sign", "k", "--against", "s")]
    [InlineData("go with --sign", "--out", "f")]
    [InlineData("go with --sign", "--previous", "f")]
    [InlineData("goes with --against", "--key", "f")]
    public async Task A_contradiction_is_refused(string why, params string[] args)
    {
        var run = await VerifyRuns.VerifyAsync(folder.Path, args);

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(why);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{}\n", "no statement")]
    [InlineData("some text", "no statement")]
    [InlineData("""{"statement":"event-sourced-streams","v":2}""", "version 2")]
    public async Task What_is_no_statement_cannot_be_read(string text, string why)
    {
        File.WriteAllText(statements.File("no.jsonl"), text);

        var run = await statements.AgainstAsync(folder.Path, statements.File("no.jsonl"));

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(why);
    }

    private Task<AuditRun> SignAsync(string name, string key) =>
        VerifyRuns.VerifyAsync(folder.Path, "--sign", key, "--out", statements.File(name));

    private static IEnumerable<string> Names(System.Text.Json.JsonElement line) => line.EnumerateObject().Select(p => p.Name);

    private static string HashIn(LogRow row) => Encoding.UTF8.GetString(row.Metadata)[^45..^2];

    private static async Task<(int ExitCode, string Output)> ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (shell.ExitCode, await output + (shell.ExitCode == 0 ? "" : await error));
    }
}
