using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>What the source said of its end is told wherever an end is told.</summary>
public sealed class EndingTests : IAsyncLifetime
{
    private const string Usage = "{\n  \"prompt_tokens\": 3,\r\n  \"note\": \"a\\u2028b\"\n}";

    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Finish_reason_and_usage_are_in_the_query_the_list_and_both_ends()
    {
        var id = await app.CreateAsync();
        using var driver = await EventStreamReader.OpenAsync(await app.DriveAsync(id, "text/event-stream"));
        using var follower = await EventStreamReader.OpenAsync(
            await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead));
        app.Script.For(new(id)).End(new SourceResult("length", Usage));

        var ends = new[] { await LastAsync(driver), await LastAsync(follower), await app.GetAsync(id), await ListedAsync(id) };

        foreach (var end in ends)
        {
            end.GetProperty("status").GetString().Should().Be("done");
            end.GetProperty("finishReason").GetString().Should().Be("length");
            end.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().Should().Be(3);
            end.GetProperty("usage").GetProperty("note").GetString().Should().Be("a\u2028b");
        }

        (await app.Streams.FindAsync(new(id)))!.Summary.Usage.Should().Be(Usage);
    }

    [Fact]
    public async Task Who_gave_neither_has_neither()
    {
        var id = await app.CreateDoneAsync("x");
        var bare = await app.CreateAsync();
        using var driver = await EventStreamReader.OpenAsync(await app.DriveAsync(bare, "text/event-stream"));
        app.Script.For(new(bare)).End();

        var end = await LastAsync(driver);

        end.TryGetProperty("finishReason", out _).Should().BeFalse();
        end.TryGetProperty("usage", out _).Should().BeFalse();
        (await app.GetAsync(id)).GetProperty("finishReason").GetString().Should().Be("stop");
        (await app.GetAsync(id)).TryGetProperty("usage", out _).Should().BeFalse();
    }

    private static async Task<JsonElement> LastAsync(EventStreamReader reader)
    {
        while (await reader.NextAsync() is { } next)
            if (next.Name == "end") return next.Json;
        throw new InvalidOperationException("There was no end.");
    }

    private async Task<JsonElement> ListedAsync(string id)
    {
        JsonElement found = default;
        await Eventually.UntilAsync("the list has the ending", async () =>
        {
            var items = (await app.Client.GetFromJsonAsync<JsonElement>("/v1/streams?status=done")).GetProperty("items");
            found = items.EnumerateArray().FirstOrDefault(item => item.GetProperty("id").GetString() == id);
            return found.ValueKind is JsonValueKind.Object;
        });
        return found;
    }
}
