using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Stopping;

/// <summary>A stop while an answer waits for a client that is behind, and reads on.</summary>
public sealed class LaggingFollowerTests : IAsyncLifetime
{
    private readonly WaitingAnswers waiting = new();
    private TextStreamsApp app = null!;
    private HttpClient slow = null!;

    public async Task InitializeAsync()
    {
        app = await TextStreamsApp.StartAsync(new() { Before = waiting.Use, CutTime = new ManualTime(), Http = { TakeLimit = Eventually.Limit, DefaultSource = "script" } });
        slow = SlowClient.For(app.BaseAddress);
    }

    public async Task DisposeAsync()
    {
        slow.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_lagging_observers_answer_ends_well()
    {
        var id = await LongAsync('x');
        using var answer = await slow.SendAsync(Request($"/v1/streams/{id}/events", "text/event-stream"), HttpCompletionOption.ResponseHeadersRead);
        await Eventually.UntilAsync("the observer is behind", () => waiting.Count == 1);

        await ClearAsync();
        using var observer = await LiveAnswer.OfAsync(Task.FromResult(answer));
        await observer.Over.WaitAsync(Eventually.Limit);

        observer.IsCut.Should().BeFalse("the client comes again, and goes on where it was");
        observer.Events[^1].Name.Should().Be("text");
    }

    [Fact]
    public async Task A_shared_answer_ends_well()
    {
        var (one, other) = (await LongAsync('x'), await LongAsync('y'));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams/-/follow") { Content = JsonContent.Create(new { streams = new[] { new { id = one }, new { id = other } } }) };
        using var answer = await slow.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await Eventually.UntilAsync("the follower is behind", () => waiting.Count == 1);

        await ClearAsync();
        using var follower = await LiveAnswer.OfAsync(Task.FromResult(answer));
        await follower.Over.WaitAsync(Eventually.Limit);

        follower.IsCut.Should().BeFalse();
    }

    [Fact]
    public async Task A_page_is_whole_as_far_as_it_goes()
    {
        var id = await LongAsync('\u0001');                                      // six times as long in JSON
        using var answer = await slow.SendAsync(Request($"/v1/streams/{id}/events", "application/json"), HttpCompletionOption.ResponseHeadersRead);
        await Eventually.UntilAsync("the follower is behind", () => waiting.Count == 1);

        await ClearAsync();
        var page = await answer.Content.ReadFromJsonAsync<JsonElement>();

        page.GetProperty("events").EnumerateArray().Last().GetProperty("id").GetInt64().Should().Be(page.GetProperty("cursor").GetInt64());
    }

    /// <summary>As a stop does, and then without the cut of what is still there a moment later, which by a clock that
    /// stands has not come yet.</summary>
    private async Task ClearAsync()
    {
        await app.Access.ClearAsync();
        app.Access.Cuts.GoOn();
    }

    /// <summary>A stream that goes on, with more text than the system takes for a client.</summary>
    private async Task<string> LongAsync(char letter)
    {
        const int Batches = 32;
        var id = await app.CreateAsync();
        using (await app.DriveAsync(id)) { } // its driver leaves: nothing is to be too slow for it
        for (var i = 0; i < Batches; i++) await app.Script.For(new(id)).SayAsync(new string(letter, 65_535) + "\n");
        await Eventually.UntilAsync("the text is there", async () => (await app.GetAsync(id)).GetProperty("length").GetInt64() == Batches * 65_536);
        return id;
    }

    private static HttpRequestMessage Request(string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return request;
    }
}
