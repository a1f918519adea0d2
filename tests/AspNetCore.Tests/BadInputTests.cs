using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>Everything that a client can get wrong, and what it is told.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private static readonly string ManyLabels = Json(new { labels = Enumerable.Range(0, 33).ToDictionary(i => $"l{i}", _ => "v") });

    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Http = new() });

    public async Task DisposeAsync() => await app.DisposeAsync();

    public static TheoryData<string, string, string?, int, string, string?> Rows()
    {
        var rows = new TheoryData<string, string, string?, int, string, string?>();
        void Create(string body, string? field, int status = 400, string type = "invalid-request") =>
            rows.Add("POST", "/v1/streams", body, status, type, field);
        void Get(string path, string? field, int status = 400, string type = "invalid-request") =>
            rows.Add("GET", path, null, status, type, field);

        Create("{", null, type: "invalid-json");
        Create("[]", null, type: "invalid-json");
        Create("null", null, type: "invalid-json");
        Create("{}x", null, type: "invalid-json");
        Create("{\"source\":\"script\",}", null, type: "invalid-json");
        Create("{}", "source");
        Create("{\"source\":\"nowhere\"}", "source", type: "unknown-source");
        Create("{\"source\":1}", "source");
        Create("{\"colour\":1}", "colour");
        Create("{\"Source\":\"script\"}", "Source");
        Create("{\"source\":\"script\",\"source\":\"script\"}", "source");
        Create("{\"source\":\"script\",\"sourc\\u0065\":\"script\"}", "source");
        Create("{\"source\":\"script\",\"input\":{\"a\":[{\"b\":1,\"b\":2}]}}", "input.a.b");
        Create("{\"source\":\"script\",\"input\":{\"a\":\"\\ud800\"}}", "input.a");
        Create("{\"source\":\"script\",\"input\":{\"\\udc00\":1}}", "input");
        Create("{\"source\":\"script\",\"input\":{\"wrong\":1}}", "input.wrong");
        Create("{\"source\":\"script\",\"labels\":{\"a\":\"\\ud83d\"}}", "labels.a");
        Create("{\"source\":\"script\",\"labels\":{\"a\":1}}", "labels.a");
        Create("{\"source\":\"script\",\"labels\":[]}", "labels");
        Create("{\"source\":\"script\",\"labels\":{\"\":\"v\"}}", "labels");
        Create("{\"source\":\"script\",\"labels\":{\"a:b\":\"v\"}}", "labels");
        Create(Json(new { labels = new Dictionary<string, string> { [new string('n', 65)] = "v" } }), "labels");
        Create(Json(new { labels = new Dictionary<string, string> { ["n"] = new('v', 257) } }), "labels.n");
        Create(ManyLabels, "labels");
        Create(Json(new { source = "script", input = new string('x', 256 * 1024) }), "input", 413, "too-large");
        Create(new string(' ', (1024 * 1024) + 1), null, 413, "too-large");
        foreach (var seconds in (string[])["4", "86401", "5.5", "\"5\"", "1e1000", "true"])
            Create($"{{\"idleTimeoutSeconds\":{seconds}}}", "idleTimeoutSeconds");
        foreach (var seconds in (string[])["0", "86401", "1.5", "\"5\""])
            Create($"{{\"maxDurationSeconds\":{seconds}}}", "maxDurationSeconds");
        foreach (var word in (string[])["\"Cancel\"", "\"stop\"", "1", "true"])
            Create($"{{\"onDisconnect\":{word}}}", "onDisconnect");
        foreach (var seconds in (string[])["-1", "0.5", "9223372036854775807", "{}"])
            Create($"{{\"retainSeconds\":{seconds}}}", "retainSeconds");
        foreach (var id in (string[])["", "-a", ".a", "a/b", "a b", "ä", "a\\n", "a\\u0000", new string('a', 129), "a~1", "a~b~042"])
            Create($"{{\"source\":\"script\",\"id\":\"{id}\"}}", "id");

        Get("/v1/streams/nobody", null, 404, "unknown-stream");
        Get("/v1/streams/nobody~1", null, 404, "unknown-stream");
        Get("/v1/streams/nobody/text", null, 404, "unknown-stream");
        Get("/v1/streams/nobody/events", null, 404, "unknown-stream");
        rows.Add("POST", "/v1/streams/nobody/drive", null, 404, "unknown-stream", null);
        rows.Add("POST", "/v1/streams/nobody/cancel", null, 404, "unknown-stream", null);
        rows.Add("DELETE", "/v1/streams/nobody", null, 404, "unknown-stream", null);
        foreach (var id in (string[])["-a", "a%0A", "a%2Fb", "%C3%A4", new string('a', 129)])
        {
            Get($"/v1/streams/{id}", "id");
            Get($"/v1/streams/{id}/events", "id");
            rows.Add("POST", $"/v1/streams/{id}/drive", null, 400, "invalid-request", "id");
            rows.Add("DELETE", $"/v1/streams/{id}", null, 400, "invalid-request", "id");
        }

        foreach (var at in (string[])["x", "-1", "1.5", "2026-11-21", "2026-11-21T12:00:00", "2026-13-21T12:00:00Z", "9223372036854775808"])
            Get($"/v1/streams/there?at={at}", "at");
        Get("/v1/streams/there?at=2020-01-01T00:00:00Z", "at", 404, "no-such-version");
        Get("/v1/streams/there?at=7", "at", 404, "no-such-version");
        Get("/v1/streams/nobody?at=7", null, 404, "unknown-stream");
        Get("/v1/streams/there?text=perhaps", "text");
        Get("/v1/streams/there/events?after=x", "after");
        Get("/v1/streams/there/events?after=-1", "after");
        Get("/v1/streams/there/events?after=7", "after", type: "cursor-past-end");
        rows.Add("POST", "/v1/streams/there/cancel", "{\"why\":1}", 400, "invalid-request", "why");
        rows.Add("POST", "/v1/streams/there/cancel", "{\"reason\":1}", 400, "invalid-request", "reason");
        rows.Add("POST", "/v1/streams/there/cancel", Json(new { reason = new string('r', 4097) }), 400, "invalid-request", "reason");
        foreach (var limit in (string[])["0", "201", "x", "-1", "1.0"]) Get($"/v1/streams?limit={limit}", "limit");
        Get("/v1/streams?status=asleep", "status");
        Get("/v1/streams?status=deleted", "status");
        Get("/v1/streams?label=a", "label");
        Get("/v1/streams?label=a:b&label=c:d", "label");
        Get("/v1/streams?cursor=!", "cursor");

        Get("/v1/streams/there/nothing", null, 404, "not-found");
        Get("/v1/streams/there/drive", null, 405, "method-not-allowed");
        rows.Add("PUT", "/v1/streams", "{}", 405, "method-not-allowed", null);
        rows.Add("PATCH", "/v1/streams/there", "{}", 405, "method-not-allowed", null);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_bad_request_is_told_what_is_wrong(
        string method, string path, string? body, int status, string type, string? field)
    {
        await app.CreateAsync(new { id = "there", source = "script" });
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await app.Client.SendAsync(request);

        await ShouldBeProblemAsync(response, status, type, field);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task Only_json_is_taken_as_json(string contentType)
    {
        using var content = new ByteArrayContent("{\"source\":\"script\"}"u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var response = await app.Client.PostAsync("/v1/streams", content);

        await ShouldBeProblemAsync(response, 415, "unsupported-media-type", "Content-Type");
    }

    [Fact]
    public async Task A_body_that_is_not_utf8_is_refused()
    {
        using var content = new ByteArrayContent([.. "{\"source\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        using var response = await app.Client.PostAsync("/v1/streams", content);

        await ShouldBeProblemAsync(response, 400, "invalid-json", null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_huge_body_gets_a_clean_413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams") { Content = new ZerosContent(100_000_000, !chunked) };
        request.Content.Headers.ContentType = new("application/json");

        using var response = await app.Client.SendAsync(request);

        await ShouldBeProblemAsync(response, 413, "too-large", null);
    }

    [Fact]
    public async Task The_header_of_a_cursor_is_named_when_it_is_wrong()
    {
        await app.CreateAsync(new { id = "there", source = "script" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/there/events?after=0");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "seven");

        using var response = await app.Client.SendAsync(request);

        await ShouldBeProblemAsync(response, 400, "invalid-request", "Last-Event-ID");
    }

    private static async Task ShouldBeProblemAsync(HttpResponseMessage response, int status, string type, string? field)
    {
        ((int)response.StatusCode).Should().Be(status, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().Should().Be("/problems/" + type);
        problem.GetProperty("status").GetInt32().Should().Be(status);
        problem.GetProperty("title").GetString().Should().NotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().Should().NotBeNullOrEmpty();
        (problem.TryGetProperty("field", out var named) ? named.GetString() : null).Should().Be(field);
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);

    private sealed class ZerosContent(long bytes, bool isLengthKnown) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            var piece = new byte[100_000];
            for (var left = bytes; left > 0; left -= piece.Length) await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes;
            return isLengthKnown;
        }
    }
}
