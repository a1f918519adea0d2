using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Following;

/// <summary>A list that waits until it is another.</summary>
public sealed class ListWatchTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_list_without_wait_has_no_position_and_with_it_comes_at_once_the_first_time()
    {
        (await ListAsync("")).TryGetProperty("position", out _).Should().BeFalse();
        (await ListAsync("?wait=60")).GetProperty("position").GetString().Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task It_comes_as_soon_as_the_list_is_another_and_no_change_is_missed()
    {
        var position = (await ListAsync("?wait=0")).GetProperty("position").GetString();
        var seen = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var next = ListAsync($"?wait=60&position={position}");
            await app.CreateAsync(new { id = $"s{i}", source = "script" });
            while (true)
            {
                var list = await next.WaitAsync(Eventually.Limit);
                position = list.GetProperty("position").GetString();
                seen = [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
                if (seen.Contains($"s{i}")) break;
                next = ListAsync($"?wait=60&position={position}");
            }
        }

        seen.Should().Equal("s4", "s3", "s2", "s1", "s0");
    }

    [Fact]
    public async Task What_the_query_does_not_show_wakes_nobody()
    {
        await app.CreateAsync(new { id = "mine", source = "script", labels = new { user = "ann" } });
        var position = await SettledAsync("?label=user:ann", "mine");
        var waiting = ListAsync($"?label=user:ann&wait=60&position={position}");

        await app.CreateAsync(new { id = "other", source = "script" });
        await SettledAsync("", "other");
        waiting.IsCompleted.Should().BeFalse();
        await app.CreateAsync(new { id = "more", source = "script", labels = new { user = "ann" } });

        (await waiting.WaitAsync(Eventually.Limit)).GetProperty("items").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task What_the_query_does_not_show_and_came_before_the_request_wakes_nobody_either()
    {
        await app.CreateAsync(new { id = "mine", source = "script", labels = new { user = "ann" } });
        var position = await SettledAsync("?label=user:ann", "mine");
        await app.CreateAsync(new { id = "other", source = "script" });
        await SettledAsync("", "other");

        var list = await ListAsync($"?label=user:ann&wait=1&position={position}");

        list.GetProperty("position").GetString()!.Split('.')[1].Should().Be(position.Split('.')[1]);
        list.GetProperty("position").GetString().Should().NotBe(position);
    }

    [Fact]
    public async Task After_its_time_it_comes_as_it_is()
    {
        var time = new ManualTime();
        await using var slow = await TextStreamsApp.StartAsync(new() { Time = time });
        var first = await slow.Client.GetFromJsonAsync<JsonElement>("/v1/streams?wait=0");
        var armed = time.Armed;
        var waiting = slow.Client.GetFromJsonAsync<JsonElement>($"/v1/streams?wait=60&position={first.GetProperty("position").GetString()}");
        await Eventually.UntilAsync("it waits", () => time.Armed > armed);

        await Eventually.UntilAsync("it has come", () =>
        {
            time.Advance(TimeSpan.FromSeconds(20));
            return waiting.IsCompleted;
        });

        (await waiting).GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("?wait=61", "wait")]
    [InlineData("?wait=1&position=x", "position")]
    [InlineData("?wait=1&position=3", "position")]
    [InlineData("?wait=1&position=3.x.y", "position")]
    [InlineData("?position=3", "position")]
    public async Task What_is_wrong_is_named(string query, string field)
    {
        using var answer = await app.Client.GetAsync($"/v1/streams{query}");

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be(field);
    }

    private Task<JsonElement> ListAsync(string query) => app.Client.GetFromJsonAsync<JsonElement>($"/v1/streams{query}");

    private async Task<string> SettledAsync(string query, string id)
    {
        var position = "";
        await Eventually.UntilAsync($"{id} is listed", async () =>
        {
            var list = await ListAsync($"{query}{(query.Length == 0 ? "?" : "&")}wait=0");
            position = list.GetProperty("position").GetString()!;
            return list.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("id").GetString() == id);
        });
        return position;
    }
}
