using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class ListTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync()
    {
        app = await TextStreamsApp.StartAsync();
        await app.CreateAsync(new { id = "alpha", source = "script", input = new { prompt = "Warum ist der Himmel BLAU?" }, labels = new { user = "Ada" } });
        await app.CreateAsync(new { id = "beta", source = "demo", input = new { text = "A blue note." }, labels = new { user = "ben" } });
        await app.CreateAsync(new
        {
            id = "gamma",
            source = "script",
            input = new { messages = new object[] { new { role = "system", content = "secret blue" }, new { role = "user", content = "Größe\n  der Sonne" } } },
        });
        await Eventually.UntilAsync("the list has all", async () => (await ListAsync("")).GetProperty("items").GetArrayLength() == 3);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("?q=blau", "alpha")]
    [InlineData("?q=BLUE", "beta")]
    [InlineData("?q=gr%C3%B6%C3%9Fe", "gamma")]
    [InlineData("?q=GR%C3%96", "gamma")]
    [InlineData("?q=himmel%20warum", "alpha")]
    [InlineData("?q=himmel%20note", "")]
    [InlineData("?q=secret", "")]
    [InlineData("?q=user:ada", "alpha")]
    [InlineData("?q=ben", "beta")]
    [InlineData("?q=GAM", "gamma")]
    [InlineData("?q=%25", "")]
    [InlineData("?q=", "gamma beta alpha")]
    [InlineData("?source=script", "gamma alpha")]
    [InlineData("?source=script&q=a&label=user:Ada", "alpha")]
    [InlineData("?source=nowhere", "")]
    public async Task A_list_is_searched_in_ids_labels_and_first_words(string query, string expected) =>
        string.Join(' ', Ids(await ListAsync(query))).Should().Be(expected);

    [Fact]
    public async Task A_span_of_time_has_its_beginning_and_not_its_end()
    {
        var created = (await ListAsync("")).GetProperty("items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("id").GetString()!, item => Uri.EscapeDataString(item.GetProperty("createdAt").GetString()!));

        Ids(await ListAsync($"?from={created["beta"]}")).Should().Equal("gamma", "beta");
        Ids(await ListAsync($"?to={created["beta"]}")).Should().Equal("alpha");
        Ids(await ListAsync($"?from={created["alpha"]}&to={created["gamma"]}")).Should().Equal("beta", "alpha");
    }

    [Fact]
    public async Task A_count_is_of_all_pages_and_only_where_asked_for()
    {
        var first = await ListAsync("?limit=1&count=true&source=script");
        var cursor = first.GetProperty("nextCursor").GetString();

        first.GetProperty("total").GetInt64().Should().Be(2);
        (await ListAsync($"?limit=1&count=true&source=script&cursor={cursor}")).GetProperty("total").GetInt64().Should().Be(2);
        (await ListAsync("?limit=1")).TryGetProperty("total", out _).Should().BeFalse();
        (await ListAsync("?count=true&q=nothing")).GetProperty("total").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task What_a_list_is_searched_by_it_shows()
    {
        var items = (await ListAsync("")).GetProperty("items").EnumerateArray().ToArray();

        items[0].GetProperty("title").GetString().Should().Be("Größe der Sonne");
        items[2].GetProperty("title").GetString().Should().Be("Warum ist der Himmel BLAU?");
        (await app.GetAsync("beta")).GetProperty("title").GetString().Should().Be("A blue note.");
    }

    [Theory]
    [InlineData("from", "yesterday")]
    [InlineData("to", "2026-13-01T00:00:00Z")]
    [InlineData("count", "yes")]
    [InlineData("q", null)]
    public async Task What_a_list_cannot_be_filtered_by_is_named(string field, string? value)
    {
        using var response = await app.Client.GetAsync($"/v1/streams?{field}={value ?? new string('x', 201)}");

        ((int)response.StatusCode).Should().Be(400);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be(field);
    }

    [Fact]
    public async Task An_owner_searches_only_in_its_own()
    {
        var query = new CatalogQuery(null, null, 10) { Labels = [new("user", "ben")], Search = "a", WithTotal = true };

        var page = await app.Engine.Catalog.ListAsync(query, default);

        page.Items.Should().ContainSingle().Which.Id.Value.Should().Be("beta");
        page.Total.Should().Be(1);
    }

    private static IEnumerable<string> Ids(JsonElement list) =>
        list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!);

    private async Task<JsonElement> ListAsync(string query) => await app.Client.GetFromJsonAsync<JsonElement>($"/v1/streams{query}");
}
