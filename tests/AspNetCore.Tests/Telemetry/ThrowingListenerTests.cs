using System.Net.Http.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>A listener to the spans that throws keeps no follower from its stream.</summary>
[Collection(nameof(Alone))]
public sealed class ThrowingListenerTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public static TheoryData<string> Kinds { get; } = [.. ThrowingListeners.Kinds.Except(["published", "source"])];

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Followers_of_all_forms_are_told_the_text_and_the_end(string kind)
    {
        using var listeners = new ThrowingListeners((called, _) => called == kind);

        (await ToldAsync()).Should().AllBe("Roses are red. done");

        listeners.Thrown.Should().BePositive();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Also_when_it_throws_once_at_whichever_call_that_is()
    {
        var nth = 0;
        while (true)
        {
            nth++;
            using var listeners = new ThrowingListeners((_, number) => number == nth);
            (await ToldAsync()).Should().AllBe("Roses are red. done", "only call {0} threw", nth);
            await NothingIsLeftAsync();
            if (listeners.Thrown == 0) break;
        }

        nth.Should().BeGreaterThan(20, "each kind of call has had its turn");
    }

    /// <summary>What the driver and each form of follower is told.</summary>
    private async Task<IReadOnlyList<string>> ToldAsync()
    {
        var id = await app.CreateAsync();
        var live = new List<Task<string>> { LiveAsync(() => app.Client.FollowAsync(id)), LiveAsync(() => SharedAsync(id)), InCodeAsync(id) };
        await Eventually.UntilAsync("all follow", () => app.Engine.Drivers.Followers.Count >= live.Count || live.Any(one => one.IsFaulted));
        live.Add(LiveAsync(() => app.DriveAsync(id, StreamRequests.Events)));
        await app.Script.For(new(id)).SayAsync("Roses ", "are red.");
        app.Script.For(new(id)).End();
        var told = await Task.WhenAll(live).WaitAsync(Eventually.Limit);
        return [.. told, await PageAsync(id), await InCodeAsync(id)];
    }

    private static async Task<string> LiveAsync(Func<Task<HttpResponseMessage>> ask)
    {
        using var answer = await ask();
        answer.EnsureSuccessStatusCode();
        using var events = await EventStreamReader.OpenAsync(answer);
        var all = await events.ToEndAsync();
        return $"{string.Concat(all.Where(each => each.Name == "text").Select(each => each.Text))} {all[^1].Status}";
    }

    private Task<HttpResponseMessage> SharedAsync(string id) => app.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/streams/-/follow") { Content = JsonContent.Create(new { streams = new[] { new { id } } }) },
        HttpCompletionOption.ResponseHeadersRead);

    private async Task<string> PageAsync(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events");
        request.Headers.Add("Accept", "application/json");
        using var answer = await app.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var page = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        return page.ToString().Contains("Roses are red.", StringComparison.Ordinal) ? "Roses are red. done" : page.ToString();
    }

    private async Task<string> InCodeAsync(string id)
    {
        var told = "";
        await foreach (var update in app.Streams.FollowAsync(new(id))) told = update.End is null ? told + update.Text : $"{told} {update.Status.ToString().ToLowerInvariant()}";
        return told;
    }

    private Task NothingIsLeftAsync() => Eventually.UntilAsync(
        "nothing follows or runs, and no memory is held", () => app.Engine.Drivers is { Count: 0, UnsavedBytes: 0, Followers.Count: 0 } && app.Engine.Memory.Held == 0);
}
