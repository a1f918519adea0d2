using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class ReportTests(AllKinds streams) : IClassFixture<AllKinds>, IDisposable
{
    private readonly TempFolder output = new();

    public void Dispose() => output.Dispose();

    [Fact]
    public async Task The_page_holds_the_text_every_event_the_picture_and_where_it_comes_from()
    {
        var page = await PageAsync("done");

        page.Should().StartWith("<!DOCTYPE html>").And.EndWith("</html>\n");
        page.Should().Contain("<h1>done</h1>").And.Contain("the hash chain over them holds").And.Contain("<svg ").And.Contain("revision 4, hash ");
        page.Should().Contain("One. </span>").And.Contain("Two 👩‍👩‍👧.<i>\\u000D</i>\n</span>");
        page.Should().Contain("{&quot;prompt&quot;:&quot;Say &lt;b&gt;hello&lt;/b&gt;&quot;}");
        foreach (var e in (await streams.RunAsync("show", "done", "--json")).Json)
            page.Should().Contain(e.GetProperty("hash").GetString()).And.Contain(e.GetProperty("eventId").GetString());
        page.Should().Contain("by EventSourcedStreams audit 0.1.0").And.Contain("Store log.db,").And.Contain("without an identity");
        page.Should().NotContain(streams.Folder.Path).And.NotContain(output.Path);
    }

    [Fact]
    public async Task Nothing_that_is_stored_becomes_markup_or_leaves_the_page()
    {
        const string Evil = "</span><script>alert(1)</script><img src=http://evil/x onerror=alert(2)>\"'&\u202E\u0000\u001b";
        using var folder = new TempFolder();
        await using (var log = await folder.OpenLogAsync())
            await log.WriteAsync(
                Evil,
                Created(Evil, EventSourcedStreams.Labels.From([new(Evil[..60], Evil)]), input: "{\"a\":\"<script>\"}") with { Source = Evil, ContentType = Evil },
                Started() with { Source = Evil, Provider = Evil, Model = Evil, Engine = Evil },
                Chunk(0, 0, Evil),
                Failed(Evil, Evil, System.Text.Encoding.UTF8.GetByteCount(Evil), 1));

        var file = output.File("evil.html");
        (await AuditRun.OfAsync("report", Evil, "--out", file, "--store", folder.Path)).ExitCode.Should().Be(ExitCode.Ok);
        var page = await File.ReadAllTextAsync(file);

        Regex.Matches(page, "<([a-z0-9]+)").Select(tag => tag.Groups[1].Value).Distinct().Should().BeSubsetOf(
        [
            "html", "head", "meta", "title", "style", "body", "header", "p", "h1", "h2", "dl", "div", "dt", "dd", "figure", "svg", "path", "text", "g",
            "rect", "span", "i", "pre", "table", "thead", "tr", "th", "tbody", "td", "footer", "b", "ul", "li",
        ]);
        Regex.Matches(page, "<[^>]*\\b(src|href|on[a-z]+)=|url\\(").Should().BeEmpty();
        page.Should().Contain("default-src 'none'").And.Contain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
        page.Should().NotContain("\u202E");
    }

    [Theory]
    [InlineData("done", "<b>Unchanged.</b> The 5 events")]
    [InlineData("running", "<b>Unchanged.</b> The 3 events")]
    [InlineData("gone", "<b>Deleted.</b> Stream gone was deleted by bob")]
    public async Task The_verdict_stands_above_everything(string id, string verdict) =>
        (await PageAsync(id)).Should().MatchRegex("<body>\n<p class=\"verdict( bad)?\">" + Regex.Escape(verdict));

    [Fact]
    public async Task The_pages_own_policy_lets_in_its_style_by_digest_and_nothing_else()
    {
        var page = await PageAsync("done");

        var style = Regex.Match(page, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        var policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        policy.Should().Contain("default-src 'none'").And.NotContain("unsafe").And.Contain("base-uri 'none'; form-action 'none'")
            .And.Contain($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)))}'");
        style.Should().NotContain("\r").And.Contain("max-width: 44rem");
        Regex.IsMatch(page, "<[^>]* style=").Should().BeFalse();
    }

    [Fact]
    public async Task No_date_outside_of_a_tag_can_be_broken()
    {
        var page = Regex.Replace(await PageAsync("cancelled"), "<(span|td) class=\"t\">[^<]*</|<style>.*?</style>|<[^>]*>", " ", RegexOptions.Singleline);

        Regex.IsMatch(page, "[0-9]{4}-[0-9]{2}-[0-9]{2}").Should().BeFalse();
    }

    [Theory]
    [InlineData(1, "pending up to revision 0; not known behind it")]
    [InlineData(4, "streaming up to revision 3; not known behind it")]
    public async Task Status_picture_and_text_are_all_of_what_stands_before_the_first_damage(int revision, string status)
    {
        using var folder = new TempFolder();
        await using (var log = await folder.OpenLogAsync())
            await log.WriteAsync("s", Created("s"), Started(), Chunk(0, 0, "one"), Chunk(1, 3, "two"), Cancelled(length: 6, chunks: 2));
        folder.Tamper($"UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'n', 'm') AS BLOB) WHERE revision = {revision}");

        var page = await PageAsync("s", folder, ExitCode.Findings);

        page.Should().Contain($"<dd>{status}</dd>").And.Contain("<b>Not as it was written.</b>");
        var picture = Regex.Matches(page, "<svg.*?</svg>", RegexOptions.Singleline);
        picture.Should().HaveCount(2).And.AllSatisfy(drawn => drawn.Value.Should().NotContain("cancelled").And.NotContain("completed"));
    }

    [Theory]
    [InlineData("cancelled", "cancelled by anonymous", "seen enough")]
    [InlineData("failed", "failed: source-failed", "It &lt;broke&gt;.")]
    [InlineData("silent", "timed out", "No text was saved.")]
    [InlineData("running", "<dd>streaming</dd>", "Goes on")]
    [InlineData("waiting", "<dd>pending</dd>", "No text was saved.")]
    [InlineData("gone", "Stream gone was deleted by bob at 2026-11-21T13:00:00.000Z.", "verdict bad")]
    public async Task Every_kind_of_stream_has_its_page(string id, params string[] parts) => (await PageAsync(id)).Should().ContainAll(parts);

    [Fact]
    public async Task Of_a_damaged_stream_the_page_says_where_and_shows_the_text_before_it()
    {
        var file = output.File("broken.html");

        var run = await streams.RunAsync("report", "broken", "--out", file);

        run.ExitCode.Should().Be(ExitCode.Findings);
        (await File.ReadAllTextAsync(file)).Should().Contain("<p class=\"verdict bad\">").And.Contain("<li>Revision 2: Its hash does not fit")
            .And.Contain("Text before the damage").And.Contain("<b>Damaged: Its hash").And.NotContain("the hash chain over them holds");
    }

    [Fact]
    public async Task What_is_printed_names_the_page_by_its_digest()
    {
        var file = output.File("done.html");

        var made = (await streams.RunAsync("report", "done", "--out", file, "--json")).Json.Single();

        made.GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))));
        made.GetProperty("bytes").GetInt64().Should().Be(new FileInfo(file).Length);
        made.GetProperty("revision").GetInt64().Should().Be(4);
    }

    [Fact]
    public async Task A_file_that_is_there_stays_unless_it_is_to_be_replaced_and_nothing_half_written_is_left()
    {
        var file = output.File("kept.html");
        await File.WriteAllTextAsync(file, "mine");

        var refused = await streams.RunAsync("report", "done", "--out", file);
        refused.ExitCode.Should().Be(ExitCode.CannotRead);
        refused.Error.Should().Contain("is there already").And.Contain("--force");
        (await File.ReadAllTextAsync(file)).Should().Be("mine");

        (await streams.RunAsync("report", "done", "--out", file, "--force")).ExitCode.Should().Be(ExitCode.Ok);
        (await File.ReadAllTextAsync(file)).Should().StartWith("<!DOCTYPE html>");
        Directory.GetFiles(output.Path).Should().Equal(file);
    }

    [Fact]
    public async Task A_second_ending_whose_hash_is_right_is_found()
    {
        using var forged = new TempFolder();
        await using (var log = await forged.OpenLogAsync())
            await log.WriteAsync("twice", Created("twice"), Started(), Completed(), Cancelled());

        var file = output.File("twice.html");
        var run = await AuditRun.OfAsync("report", "twice", "--store", forged.Path, "--out", file, "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json[0].GetProperty("findings").GetInt32().Should().Be(1);
        var page = await File.ReadAllTextAsync(file);
        page.Should().Contain("<li>Revision 3: expected the end of the stream").And.Contain("cannot follow each other");
        page.Should().Contain("<dd>done up to revision 2; not known behind it</dd>").And.NotContain(">cancelled by");
    }

    [Fact]
    public async Task What_fails_while_it_is_written_leaves_no_file()
    {
        await this.Awaiting(_ => Audit.Report.NewFile.WriteAsync(output.File("x"), replace: false, async stream =>
        {
            await stream.WriteAsync("half"u8.ToArray());
            throw new IOException("full");
        })).Should().ThrowAsync<IOException>();

        Directory.EnumerateFileSystemEntries(output.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var run = await streams.RunAsync("report", "done", "--out", Path.Combine(output.Path, "none", "x.html"));

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().StartWith($"streams-audit: There is no folder {Path.Combine(output.Path, "none")}.");
    }

    private async Task<string> PageAsync(string id, TempFolder store, int exitCode)
    {
        var file = output.File($"{id}.html");
        (await AuditRun.OfAsync("report", id, "--out", file, "--store", store.Path)).ExitCode.Should().Be(exitCode);
        return await File.ReadAllTextAsync(file);
    }

    private async Task<string> PageAsync(string id)
    {
        var file = output.File($"{id}.html");
        var run = await streams.RunAsync("report", id, "--out", file);
        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        return await File.ReadAllTextAsync(file);
    }
}
