using System.Net;
using System.Net.Http.Json;
using System.Text;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Following;

/// <summary>Lengths in UTF-16 beside those in bytes, and what a driver of raw text is told behind it.</summary>
public sealed class OffsetUnitsTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;
    private RefusingLog log = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Wrap = inner => log = new RefusingLog(inner) });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_driver_is_told_how_many_chars_are_saved()
    {
        var id = await app.CreateAsync();
        using var driver = await DriveAsync(app.Client, id, "text/event-stream");
        using var events = await EventStreamReader.OpenAsync(driver);
        var run = app.Script.For(new(id));
        foreach (var piece in new[] { "Grüße ", "🙂", "🙂. ", "\u2028\0\"", "e\u0301nd." }) await run.SayAsync(piece);
        run.End();
        var all = await events.ToEndAsync();

        var text = string.Concat(all.Where(e => e.Name == "text").Select(e => e.Text));
        foreach (var saved in all.Where(e => e.Name == "saved").Select(e => e.Json))
            Encoding.UTF8.GetByteCount(text.AsSpan(0, saved.GetProperty("chars").GetInt32())).Should().Be(saved.GetProperty("length").GetInt32());
        all[^1].Json.GetProperty("chars").GetInt32().Should().Be(text.Length);
    }

    [Theory]
    [InlineData("?units=utf16")]
    [InlineData("?units=utf16&text=false")]
    public async Task A_query_has_the_texts_length_in_chars(string query)
    {
        var id = await app.CreateDoneAsync("Grüße ", "🙂🙂.");

        (await app.GetAsync(id + query)).GetProperty("chars").GetInt32().Should().Be("Grüße 🙂🙂.".Length);
        (await app.GetAsync(id + query + "&at=2")).GetProperty("chars").GetInt32().Should().Be("Grüße ".Length);
        (await app.GetAsync(id)).TryGetProperty("chars", out _).Should().BeFalse();
    }

    [Fact]
    public void Chars_of_what_is_escaped_are_counted_as_they_are_read()
    {
        var to = new System.Buffers.ArrayBufferWriter<byte>();
        var text = string.Concat(Enumerable.Range(0, 0x300).Select(c => (char)c)) + "🙂\"\\/\r\n\u2028\uFEFF";
        Sse.Escaped(to, text);

        EventForm.CharsOf(to.WrittenSpan).Should().Be(text.Length);
    }

    [Fact]
    public async Task Retry_is_said_once_however_long_the_log_is_away()
    {
        var id = await app.CreateAsync();
        log.GoAway();
        using var answer = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var read = new List<string>();
        while (read.Count(line => line.StartsWith(':')) < 3) read.Add((await lines.ReadLineAsync())!);
        log.ComeBack();

        read.Count(line => line.StartsWith("retry:", StringComparison.Ordinal)).Should().Be(1);
        read[0].Should().Be("retry: 2000");
    }

    [Fact]
    public async Task Over_http_2_the_raw_text_has_its_end_in_trailers()
    {
        using var folder = new TempFolder();
        var script = new ScriptedSource();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Configuration["TextStreams:Embedded:Path"] = folder.Path;
        builder.Services.AddTextStreams().AddSource(script, clients: true);
        await using var host = builder.Build();
        host.MapTextStreams();
        await host.StartAsync();
        using var client = new HttpClient
        {
            BaseAddress = new Uri(host.Urls.Single()),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        await client.PostAsJsonAsync("/v1/streams", new { id = "a", source = "script" });
        using var driver = await DriveAsync(client, "a", "text/plain");
        await script.For(new("a")).SayAsync("Hello wörld.");
        script.For(new("a")).End();

        (await driver.Content.ReadAsStringAsync()).Should().Be("Hello wörld.");
        driver.Headers.GetValues("X-Stream-Id").Should().Equal("a");
        driver.TrailingHeaders.Select(trailer => (trailer.Key, trailer.Value.Single()))
            .Should().Equal(("x-stream-status", "done"), ("x-stream-revision", "3"), ("x-stream-length", "13"));
    }

    private static async Task<HttpResponseMessage> DriveAsync(HttpClient client, string id, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive?units=utf16")
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
