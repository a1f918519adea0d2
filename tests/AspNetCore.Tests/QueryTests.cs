using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class QueryTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("", "\"4\"")]
    [InlineData("?text=false", "\"4-notext\"")]
    [InlineData("?at=3", "\"3\"")]
    [InlineData("/text", "\"4\"")]
    public async Task A_reader_that_has_it_gets_304(string variant, string tag)
    {
        var id = await app.CreateDoneAsync("One. ", "Two.");
        var path = $"/v1/streams/{id}{variant}";

        using var first = await app.Client.GetAsync(path);
        using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        first.Headers.ETag!.ToString().Should().Be(tag.Replace("4", $"{(await app.GetAsync(id)).GetProperty("revision")}", StringComparison.Ordinal));
        head.StatusCode.Should().Be(HttpStatusCode.OK);
        head.Headers.ETag.Should().Be(first.Headers.ETag);
        foreach (var known in new[] { first.Headers.ETag.ToString(), $"W/{first.Headers.ETag}", $"\"x\", {first.Headers.ETag}", "*" })
            (await StatusIfNoneMatchAsync(path, known)).Should().Be(HttpStatusCode.NotModified, known);
        foreach (var known in new[] { "\"x\"", "\"1\"" })
            (await StatusIfNoneMatchAsync(path, known)).Should().Be(HttpStatusCode.OK, known);
    }

    [Fact]
    public async Task A_stream_is_shown_as_it_was()
    {
        var id = await app.CreateDoneAsync("One. ", "Two.");
        var whole = await app.GetAsync(id);

        (await AtAsync(id, "0")).GetProperty("status").GetString().Should().Be("pending");
        (await AtAsync(id, "1")).GetProperty("status").GetString().Should().Be("streaming");
        (await AtAsync(id, "2")).GetProperty("text").GetString().Should().Be("One. ");
        (await AtAsync(id, whole.GetProperty("endedAt").GetString()!)).ToString().Should().Be(whole.ToString());
        (await AtAsync(id, "2999-01-01t00:00:00.123456789z")).ToString().Should().Be(whole.ToString());
        (await AtAsync(id, "2999-01-01T00:00:00+01:00")).ToString().Should().Be(whole.ToString());
        whole.GetProperty("startedAt").ValueKind.Should().Be(JsonValueKind.String);
        whole.GetProperty("finishReason").GetString().Should().Be("stop");
    }

    [Fact]
    public async Task Text_comes_in_ranges_of_bytes()
    {
        var id = await app.CreateDoneAsync("0123456789");
        var path = $"/v1/streams/{id}/text";

        using var part = await RangeAsync(path, new RangeHeaderValue(2, 5));
        using var rest = await RangeAsync(path, new RangeHeaderValue(8, null));
        using var last = await RangeAsync(path, new RangeHeaderValue(null, 3));
        using var none = await RangeAsync(path, new RangeHeaderValue(10, null));
        using var same = await RangeAsync(path, new RangeHeaderValue(2, 5), part.Headers.ETag);
        using var other = await RangeAsync(path, new RangeHeaderValue(2, 5), new EntityTagHeaderValue("\"x\""));

        part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange!.ToString().Should().Be("bytes 2-5/10");
        part.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        (await part.Content.ReadAsStringAsync()).Should().Be("2345");
        (await rest.Content.ReadAsStringAsync()).Should().Be("89");
        (await last.Content.ReadAsStringAsync()).Should().Be("789");
        none.StatusCode.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        none.Content.Headers.ContentRange!.ToString().Should().Be("bytes */10");
        none.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await same.Content.ReadAsStringAsync()).Should().Be("2345");
        other.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_cancelled_stream_keeps_its_text()
    {
        var id = await app.CreateAsync();
        using var driver = await app.DriveAsync(id);
        await app.Script.For(new(id)).SayAsync("So far");

        using var response = await app.Client.PostAsJsonAsync($"/v1/streams/{id}/cancel", new { reason = "Enough." });
        using var again = await app.Client.PostAsync($"/v1/streams/{id}/cancel", null);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var stream = await response.Content.ReadFromJsonAsync<JsonElement>();
        stream.GetProperty("status").GetString().Should().Be("cancelled");
        stream.GetProperty("error").GetProperty("message").GetString().Should().Be("Enough.");
        stream.TryGetProperty("text", out _).Should().BeFalse();
        (await again.Content.ReadAsStringAsync()).Should().Be(await response.Content.ReadAsStringAsync());
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("So far");
    }

    [Fact]
    public async Task A_deleted_stream_answers_410_everywhere()
    {
        var id = await app.CreateDoneAsync("x");

        (await app.Client.DeleteAsync($"/v1/streams/{id}")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await app.Client.DeleteAsync($"/v1/streams/{id}")).StatusCode.Should().Be(HttpStatusCode.Gone);
        foreach (var path in new[] { "", "?at=0", "?text=false", "/text", "/events" })
            (await app.Client.GetAsync($"/v1/streams/{id}{path}")).StatusCode.Should().Be(HttpStatusCode.Gone, path);
        foreach (var path in new[] { "/drive", "/cancel" })
            (await app.Client.PostAsync($"/v1/streams/{id}{path}", null)).StatusCode.Should().Be(HttpStatusCode.Gone, path);
    }

    [Fact]
    public async Task The_list_is_filtered_and_paged()
    {
        for (var i = 0; i < 5; i++) await app.CreateAsync(new { id = $"s{i}", labels = new { parity = i % 2 == 0 ? "even" : "odd" } });
        await Eventually.UntilAsync("the directory has all", async () => (await ListAsync("")).GetProperty("items").GetArrayLength() == 5);

        var first = await ListAsync("?label=parity:even&limit=2&status=pending");
        var second = await ListAsync($"?label=parity:even&limit=2&status=pending&cursor={first.GetProperty("nextCursor").GetString()}");

        Ids(first).Should().Equal("s4", "s2");
        Ids(second).Should().Equal("s0");
        second.TryGetProperty("nextCursor", out _).Should().BeFalse();
        Ids(await ListAsync("?status=done")).Should().BeEmpty();
        first.GetProperty("items")[0].TryGetProperty("text", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Without_an_engine_the_answer_is_503()
    {
        await app.Access.ClearAsync();

        using var response = await app.Client.GetAsync("/v1/streams/x");

        response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.Should().NotBeNull();
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/log-unavailable");
    }

    [Fact]
    public async Task An_observer_waits_for_an_engine_and_goes_on()
    {
        var id = await app.CreateDoneAsync("x");
        List<SseEvent> told = [];
        // It waits for two seconds, and a busy machine may be later.
        for (var tries = 0; tries < 10 && told.Count == 0; tries++)
        {
            await app.Access.ClearAsync();
            using var response = await app.Client.GetAsync($"/v1/streams/{id}/events?after=1", HttpCompletionOption.ResponseHeadersRead);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            app.Access.Set(app.Engine);
            using var events = await EventStreamReader.OpenAsync(response);
            told = await events.ToEndAsync();
        }

        told.Select(e => e.Name).Should().Equal("text", "end");
    }

    private static IEnumerable<string?> Ids(JsonElement list) => list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString());

    private async Task<JsonElement> ListAsync(string query) => await app.Client.GetFromJsonAsync<JsonElement>($"/v1/streams{query}");

    private async Task<JsonElement> AtAsync(string id, string at) => await app.Client.GetFromJsonAsync<JsonElement>($"/v1/streams/{id}?at={at}");

    private async Task<HttpStatusCode> StatusIfNoneMatchAsync(string path, string tags)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tags);
        using var response = await app.Client.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> RangeAsync(string path, RangeHeaderValue range, EntityTagHeaderValue? ifRange = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Range = range;
        if (ifRange is not null) request.Headers.IfRange = new RangeConditionHeaderValue(ifRange);
        return await app.Client.SendAsync(request);
    }
}
