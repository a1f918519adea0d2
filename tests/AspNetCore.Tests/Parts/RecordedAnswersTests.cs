using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Parts;

/// <summary>
/// A client that does not ask for parts is answered byte for byte as the server answered before there were any. The
/// files in <c>recordings</c> are what it answered then; they never change.
/// </summary>
public sealed partial class RecordedAnswersTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("text-alone", "")]
    [InlineData("text-alone", "?text=false")]
    [InlineData("text-alone", "?at=3")]
    [InlineData("text-alone", "/text")]
    [InlineData("text-alone", "/text", "bytes=2-9")]
    [InlineData("text-alone", "/text", "bytes=-4")]
    [InlineData("text-alone", "/text", "bytes=99-")]
    [InlineData("text-alone", "/events")]
    [InlineData("text-alone", "/events?after=2")]
    [InlineData("text-failed", "")]
    [InlineData("text-failed", "/events")]
    [InlineData("with-parts", "")]
    [InlineData("with-parts", "?text=false")]
    [InlineData("with-parts", "?at=6")]
    [InlineData("with-parts", "/text")]
    [InlineData("with-parts", "/text", "bytes=2-9")]
    [InlineData("with-parts", "/events")]
    [InlineData("with-parts", "/events?after=5")]
    [InlineData("parts-alone", "")]
    [InlineData("parts-alone", "/text")]
    [InlineData("parts-alone", "/events")]
    [InlineData("parts-alone", "/events?after=1")]
    public async Task What_is_stored_is_answered_as_before(string id, string path, string? range = null)
    {
        await StoreAsync(id);

        (await AnswerAsync($"/v1/streams/{id}{path}", range)).Should().Be(await RecordingAsync($"{id}{path}{range}"));
    }

    [Theory]
    [InlineData("text-alone", "")]
    [InlineData("text-alone", "/text")]
    [InlineData("with-parts", "")]
    [InlineData("with-parts", "/text")]
    public async Task A_tag_from_before_still_answers_304(string id, string path)
    {
        await StoreAsync(id);
        var tag = Regex.Match(await RecordingAsync(id + path), "^ETag: (.*)$", RegexOptions.Multiline).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}{path}");
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);

        using var answer = await app.Client.SendAsync(request);

        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("*/*", "drive-raw", false)]
    [InlineData("text/event-stream", "drive-sse", false)]
    [InlineData("*/*", "drive-raw", true)]
    [InlineData("text/event-stream", "drive-sse", true)]
    public async Task A_driver_is_answered_as_before(string accept, string recording, bool withParts)
    {
        var id = await app.CreateAsync(new { id = "driven", source = "script" });
        var run = app.Script.For(new(id));
        using var driver = await app.DriveAsync(id, accept);
        if (withParts) await run.PartAsync(new PartStart(PartKinds.Reasoning), "So.");
        await run.SayAsync("Où? ");
        await Eventually.UntilAsync("the first text is durable", async () => (await app.Engine.Bodies.FindAsync(new StreamId(id), default))!.Summary.Length == 5);
        if (withParts) await run.PartAsync(new PartStart(PartKinds.ToolCall) { Name = "find", Encoding = PartEncoding.Json }, "{}");
        await run.SayAsync("Là.\r\n🙂");
        run.End(new SourceResult("stop", """{"total_tokens":3}"""));

        var answer = Shown(driver, await driver.Content.ReadAsStringAsync());

        // Parts are events of their own, so the numbers of those behind them are others, and more often is there
        // something to say of what is saved.
        if (withParts) (Tidied(answer)).Should().Be(Tidied(await RecordingAsync(recording)));
        else Unsaved(answer).Should().Be(Unsaved(await RecordingAsync(recording)));
    }

    private async Task StoreAsync(string id)
    {
        var stream = StoredStream.Begun(app, id);
        await (id switch
        {
            "text-alone" => stream.Body("Où? ").Body("Là.\r\n").Body("🙂 \"yes\"").Done(),
            "text-failed" => stream.Body("Half").Failed(),
            "with-parts" => stream
                .Start(new PartStart(PartKinds.Step) { Detail = """{"model":"m"}""" })
                .Body("Où? ")
                .Part(2, new PartStart(PartKinds.Reasoning), "Let me ", "think.")
                .Body("Là.\r\n")
                .Part(3, new PartStart(PartKinds.ToolCall) { Name = "find", CallId = "c1", Encoding = PartEncoding.Json }, """{"q":""", "\"x\"}")
                .Part(4, new PartStart(PartKinds.Opaque) { Of = 2 }, "SECRET")
                .Body("🙂 \"yes\"")
                .End(1)
                .Done(),
            _ => stream.Part(1, new PartStart(PartKinds.Reasoning), "Hm.").Done(),
        }).WrittenAsync();
    }

    private async Task<string> AnswerAsync(string path, string? range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (range is not null) request.Headers.Range = RangeHeaderValue.Parse(range);
        using var answer = await app.Client.SendAsync(request);
        return Shown(answer, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
    }

    private static string Shown(HttpResponseMessage answer, string body)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Server" or "Transfer-Encoding"))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return $"{(int)answer.StatusCode}\n{string.Join("\n", headers)}\n\n{body}";
    }

    private static string Tidied(string answer) => Numbers().Replace(Unsaved(answer), "\"revision\":0");

    private static string Unsaved(string answer) => SavedEvents().Replace(answer, "");

    private static Task<string> RecordingAsync(string name, [CallerFilePath] string here = "") =>
        File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(here)!, "recordings", Regex.Replace(name, "[^a-z0-9]+", "_") + ".txt"));

    [GeneratedRegex("\"revision\":[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("event: saved\ndata: [^\n]*\n\n")]
    private static partial Regex SavedEvents();
}
