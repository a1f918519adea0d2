using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Access;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Jobs;

/// <summary>What was used, by label, model and day.</summary>
public sealed class UsageTests : IAsyncLifetime
{
    private KeyedHost host = null!;

    public async Task InitializeAsync() => host = await KeyedHost.StartAsync(
        new Dictionary<string, string> { ["root"] = "admin", ["acme"] = "create,drive,read,list:acme", ["beta"] = "create,drive,list:beta" },
        new Dictionary<string, string?> { ["Auth:AccessLog"] = "true" });

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Streams_are_counted_by_day_source_and_model_and_by_the_values_of_a_label()
    {
        await TellAsync("root", "a", "ann", "Four", """{"prompt_tokens":3,"completion_tokens":5}""");
        await TellAsync("root", "b", "ann", "Eighteen", """{"input_tokens":10,"output_tokens":20}""");
        await TellAsync("root", "c", "bob", "Nü", usage: null);
        await host.JsonAsync("POST", "/v1/streams", "root", new { id = "d", source = "told", labels = new { user = "ann" } });
        var today = host.Time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        host.Time.Shift(TimeSpan.FromDays(1));
        await TellAsync("root", "e", user: null, "x", usage: null);
        await CountedAsync("root", 4);

        var all = await RowsAsync("root", "");
        all.Should().Equal($"{today}  told script-1 3 15 13 25", $"{Tomorrow(today)}  told script-1 1 1 0 0");
        (await RowsAsync("root", "?by=user")).Should().Equal(
            $"{today} user:ann told script-1 2 12 13 25", $"{today} user:bob told script-1 1 3 0 0", $"{Tomorrow(today)}  told script-1 1 1 0 0");
        (await RowsAsync("root", "?label=user:bob")).Should().Equal($"{today}  told script-1 1 3 0 0");
        (await RowsAsync("root", $"?from={Tomorrow(today)}T00:00:00Z")).Should().Equal($"{Tomorrow(today)}  told script-1 1 1 0 0");
        (await RowsAsync("root", $"?by=user&to={Tomorrow(today)}T00:00:00Z&label=user:ann")).Should().Equal($"{today} user:ann told script-1 2 12 13 25");
    }

    [Fact]
    public async Task Pages_are_the_whole_and_what_is_deleted_is_not_counted_any_more()
    {
        for (var i = 0; i < 7; i++) await TellAsync("root", $"s-{i}", $"u-{i}", "Said.", usage: null);
        await CountedAsync("root", 7);

        var rows = new List<string>();
        string? cursor = null;
        do
        {
            var page = await host.JsonAsync("GET", $"/v1/usage?by=user&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}", "root");
            rows.AddRange(page.GetProperty("items").EnumerateArray().Select(Row));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        rows.Should().Equal(await RowsAsync("root", "?by=user")).And.HaveCount(7);

        (await host.StatusAsync("DELETE", "/v1/streams/s-3", "root")).Should().Be(204);
        await CountedAsync("root", 6);
        (await RowsAsync("root", "?label=user:u-3")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_tenants_key_counts_its_own_streams_only_and_the_record_of_access_has_it()
    {
        await TellAsync("acme", "a", "ann", "Four", usage: null);
        await TellAsync("beta", "b", "ann", "Fives", usage: null);
        await CountedAsync("root", 2);

        (await RowsAsync("acme", "?by=user")).Should().ContainSingle().Which.Should().EndWith("user:ann told script-1 1 4 0 0");
        (await RowsAsync("beta", "")).Should().ContainSingle().Which.Should().EndWith("told script-1 1 5 0 0");
        (await host.StatusAsync("GET", "/v1/usage?label=tenant:beta", "acme")).Should().Be(400);

        (await host.RecordAsync()).Where(record => record.What == "usage" && record.Refused is null).Select(record => record.Who).Should().Contain(["acme", "beta"]);
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=2026-11-28", "to")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=1001", "limit")]
    [InlineData("?cursor=nothing", "cursor")]
    [InlineData("?cursor=WyI5OTk5OTk5OTk5OTkiLCIiLCIiLCIiXQ", "cursor")]
    [InlineData("?by=user:ann", "by")]
    [InlineData("?label=ann", "label")]
    [InlineData("?model=x", "model")]
    public async Task A_question_that_is_malformed_is_told_which_field(string query, string field)
    {
        using var answer = await host.SendAsync("GET", $"/v1/usage{query}", "root");

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be(field);
    }

    private static string Tomorrow(string day) =>
        DateOnly.Parse(day, CultureInfo.InvariantCulture).AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Row(JsonElement row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Text(row, "day")} {Text(row, "label")} {Text(row, "source")} {Text(row, "model")} {Number(row, "streams")} {Number(row, "length")} {Number(row, "inputTokens")} {Number(row, "outputTokens")}");

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();

    private async Task<string[]> RowsAsync(string key, string query) =>
        [.. (await host.JsonAsync("GET", $"/v1/usage{query}", key)).GetProperty("items").EnumerateArray().Select(Row)];

    private Task CountedAsync(string key, long streams) => Eventually.UntilAsync($"{streams} are counted", async () =>
        (await host.JsonAsync("GET", "/v1/usage", key)).GetProperty("items").EnumerateArray().Sum(row => Number(row, "streams")) == streams);

    private async Task TellAsync(string key, string id, string? user, string text, string? usage)
    {
        await host.JsonAsync("POST", "/v1/streams", key, new { id, source = "told", labels = user is null ? new Dictionary<string, string>() : new() { ["user"] = user } });
        using var driver = await host.SendAsync("POST", $"/v1/streams/{id}/drive", key);
        var script = host.Source.For(new(id));
        await script.SayAsync(text);
        script.End(new SourceResult("stop", usage));
        await driver.Content.ReadAsStringAsync();
    }
}
