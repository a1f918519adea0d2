using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Parts;

/// <summary>The bytes of one part.</summary>
public sealed class PartBytesTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;
    private RefusingLog refusing = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Wrap = inner => refusing = new RefusingLog(inner) });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_file_is_its_bytes_under_its_own_type_whole_and_in_ranges()
    {
        var bytes = RandomNumberGenerator.GetBytes(100_001);
        await FileAsync("image/png", Convert.ToBase64String(bytes), name: "Bild ü.png");

        using var whole = await app.Client.GetAsync("/v1/streams/s/parts/1");
        (await whole.Content.ReadAsByteArrayAsync()).Should().Equal(bytes);
        whole.Content.Headers.ContentType!.ToString().Should().Be("image/png");
        whole.Content.Headers.ContentLength.Should().Be(bytes.Length);
        whole.Content.Headers.ContentDisposition!.DispositionType.Should().Be("inline");
        whole.Content.Headers.ContentDisposition.FileNameStar.Should().Be("Bild ü.png");
        foreach (var (from, to) in new[] { (0L, 0L), (1, 3), (4, 70_000), (99_999, 100_000), (50_001, 50_001) })
        {
            using var part = await GetAsync(HttpMethod.Get, request => request.Headers.Range = new RangeHeaderValue(from, to));
            part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
            part.Content.Headers.ContentRange!.ToString().Should().Be($"bytes {from}-{to}/{bytes.Length}");
            (await part.Content.ReadAsByteArrayAsync()).Should().Equal(bytes[(int)from..((int)to + 1)]);
        }

        using var beyond = await GetAsync(HttpMethod.Get, request => request.Headers.Range = new RangeHeaderValue(100_001, null));
        beyond.StatusCode.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        using var head = await GetAsync(HttpMethod.Head, _ => { });
        head.Content.Headers.ContentLength.Should().Be(bytes.Length);
        head.Headers.ETag.Should().Be(whole.Headers.ETag);
        using var known = await GetAsync(HttpMethod.Get, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!));
        known.StatusCode.Should().Be(HttpStatusCode.NotModified);
        using var other = await GetAsync(HttpMethod.Get, request => request.Headers.IfMatch.Add(new("\"other\"")));
        other.StatusCode.Should().Be(HttpStatusCode.PreconditionFailed);
        await Eventually.UntilAsync("nothing is held any more", () => app.Engine.Memory.Held == 0);
    }

    [Theory]
    [InlineData("AAECAw==", new byte[] { 0, 1, 2, 3 })]
    [InlineData("AAECAw", new byte[] { 0, 1, 2, 3 })]
    [InlineData("-_-_", new byte[] { 251, 255, 191 })]
    [InlineData("", new byte[0])]
    public async Task Base64_is_read_as_providers_write_it(string text, byte[] bytes)
    {
        await FileAsync("application/octet-stream", text);
        (await app.Client.GetByteArrayAsync("/v1/streams/s/parts/1")).Should().Equal(bytes);
    }

    [Theory]
    [InlineData("AAE CAw==")]
    [InlineData("AAECA")]
    [InlineData("AAE=CAw=")]
    [InlineData("AAECAw===")]
    [InlineData("<script>alert(1)</script>")]
    public async Task What_is_no_base64_is_the_text_that_it_is(string text)
    {
        await FileAsync("text/html", text);

        using var answer = await app.Client.GetAsync("/v1/streams/s/parts/1");

        (await answer.Content.ReadAsStringAsync()).Should().Be(text);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
    }

    [Theory]
    [InlineData("image/svg+xml", "image/svg+xml", "attachment")]
    [InlineData("text/html", "text/html", "attachment")]
    [InlineData("application/xhtml+xml", "application/xhtml+xml", "attachment")]
    [InlineData("application/pdf", "application/pdf", "attachment")]
    [InlineData("text/javascript", "text/plain; charset=utf-8", "attachment")]
    [InlineData("application/x-javascript", "text/plain; charset=utf-8", "attachment")]
    [InlineData("TEXT/CSS", "text/plain; charset=utf-8", "attachment")]
    [InlineData("multipart/x-mixed-replace", "application/octet-stream", "attachment")]
    [InlineData("image/*", "application/octet-stream", "attachment")]
    [InlineData("no type\r\nX-Evil: 1", "application/octet-stream", "attachment")]
    [InlineData("image/webp", "image/webp", "inline")]
    [InlineData("audio/mpeg", "audio/mpeg", "inline")]
    [InlineData("video/mp4", "video/mp4", "inline")]
    [InlineData(null, "application/octet-stream", "attachment")]
    public async Task Only_pictures_sound_and_films_are_shown_and_nothing_runs(string? said, string type, string disposition)
    {
        await FileAsync(said, Convert.ToBase64String("x"u8));

        using var answer = await app.Client.GetAsync("/v1/streams/s/parts/1");

        answer.Content.Headers.GetValues("Content-Type").Should().Equal(type);
        answer.Content.Headers.ContentDisposition!.DispositionType.Should().Be(disposition);
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("sandbox; default-src 'none'");
        answer.Headers.Contains("X-Evil").Should().BeFalse();
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a\r\nb\".html", "ab\".html")]
    [InlineData("..", "part-1")]
    [InlineData(null, "part-1")]
    public async Task A_name_is_no_path(string? name, string file)
    {
        await FileAsync("text/html", "AAAA", name);
        using var answer = await app.Client.GetAsync("/v1/streams/s/parts/1");
        answer.Content.Headers.ContentDisposition!.FileNameStar.Should().Be(file);
    }

    [Fact]
    public async Task Text_and_JSON_are_served_too_and_a_part_that_is_open_as_far_as_it_has_come()
    {
        var stream = await StoredStream.Begun(app, "s")
            .Part(1, new PartStart(PartKinds.Reasoning), "Où", "? ")
            .Part(2, new PartStart(PartKinds.ToolCall) { Encoding = PartEncoding.Json }, "{\"q\":", "1}")
            .Start(new PartStart(PartKinds.File) { Encoding = PartEncoding.Base64 }).Text(3, "AAECA").WrittenAsync();

        using var text = await app.Client.GetAsync("/v1/streams/s/parts/1");
        using var json = await app.Client.GetAsync("/v1/streams/s/parts/2");
        using var open = await app.Client.GetAsync("/v1/streams/s/parts/3");
        await stream.Text(3, "w==").End(3).WrittenAsync();
        using var done = await app.Client.GetAsync("/v1/streams/s/parts/3");

        (await text.Content.ReadAsStringAsync()).Should().Be("Où? ");
        text.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        (await json.Content.ReadAsStringAsync()).Should().Be("{\"q\":1}");
        json.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        (await open.Content.ReadAsByteArrayAsync()).Should().Equal(0, 1, 2);
        (await done.Content.ReadAsByteArrayAsync()).Should().Equal(0, 1, 2, 3);
        done.Headers.ETag.Should().NotBe(open.Headers.ETag);
    }

    [Fact]
    public async Task A_part_whose_batch_is_damaged_is_no_answer()
    {
        var stream = StoredStream.Begun(app, "s").Start(new PartStart(PartKinds.File) { Encoding = PartEncoding.Base64, MediaType = "image/png" });
        for (var i = 0; i < 20; i++) stream.Text(1, new string('A', 60_000));
        await stream.End(1).Done().WrittenAsync();
        refusing.Damaged = ("text-s", 15);
        refusing.Change = data => data.Replace("AAAA", "AAAB", StringComparison.Ordinal);

        using var bytes = await app.Client.GetAsync("/v1/streams/s/parts/1");
        using var content = await app.Client.GetAsync("/v1/streams/s?parts=true");
        using var events = await app.Client.GetAsync("/v1/streams/s/events?parts=true", HttpCompletionOption.ResponseHeadersRead);

        foreach (var answer in new[] { bytes, content })
        {
            answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
            (await answer.Content.ReadAsStringAsync()).Should().Contain("log-damaged");
        }

        await events.Content.Awaiting(c => c.ReadAsByteArrayAsync()).Should().ThrowAsync<HttpRequestException>("half an answer is none");
    }

    [Fact]
    public async Task An_unknown_part_and_one_of_an_unknown_stream_are_404_and_a_deleted_streams_410()
    {
        await FileAsync("image/png", "AAAA");
        (await StatusAsync("/v1/streams/s/parts/2")).Should().Be(HttpStatusCode.NotFound);
        (await StatusAsync("/v1/streams/other/parts/1")).Should().Be(HttpStatusCode.NotFound);
        (await app.Client.DeleteAsync("/v1/streams/s")).Dispose();
        (await StatusAsync("/v1/streams/s/parts/1")).Should().Be(HttpStatusCode.Gone);
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await app.Client.GetAsync(path);
        return answer.StatusCode;
    }

    private async Task FileAsync(string? mediaType, string text, string? name = null)
    {
        var stream = StoredStream.Begun(app, "s")
            .Start(new PartStart(PartKinds.File) { Encoding = PartEncoding.Base64, MediaType = mediaType, Name = name }).Body("Here: ");
        foreach (var some in text.Chunk(50_001)) stream.Text(1, new string(some)).Body(".");
        await stream.End(1).Done().WrittenAsync();
    }

    private async Task<HttpResponseMessage> GetAsync(HttpMethod method, Action<HttpRequestMessage> more)
    {
        using var request = new HttpRequestMessage(method, "/v1/streams/s/parts/1");
        more(request);
        return await app.Client.SendAsync(request);
    }
}
