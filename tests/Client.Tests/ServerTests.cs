using System.Text;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Client.Tests;

/// <summary>The client against the real server.</summary>
public sealed class ServerTests : IAsyncLifetime
{
    private readonly ScriptedSource script = new();
    private WebApplication app = null!;
    private ServiceProvider services = null!;
    private TextStreamsClient client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTextStreams().AddSource(script, clients: true);
        builder.Services.AddInMemoryTextStreams(clock: null);
        app = builder.Build();
        app.MapTextStreams();
        app.MapGet("/page/{**rest}", () => Results.Content("<html></html>", "text/html"));
        await app.StartAsync();
        (services, client) = Client(new Uri($"{app.Urls.Single()}/v1/streams"));
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_is_created_driven_followed_queried_listed_and_deleted()
    {
        var created = await client.CreateAsync(new NewTextStream
        {
            Source = "script",
            Labels = new Dictionary<string, string> { ["user"] = "ann" },
            IdleTimeout = TimeSpan.FromMinutes(5),
        });
        var run = script.For(new(created.Id));
        var driving = ToEndAsync(client.DriveAsync(created.Id));
        var following = ToEndAsync(client.FollowAsync(created.Id));
        await run.SayAsync("Grüße, ");
        await run.SayAsync("🙂.");
        run.End(new SourceResult("stop"));

        var (driven, driveEnd) = await driving;
        var (followed, followEnd) = await following;
        var whole = await client.QueryAsync(created.Id);
        var before = await client.QueryAsync(created.Id, withText: false, at: "1");

        (driven, followed, whole.Text, (await client.GetTextAsync(created.Id)).Text).Should().Be(("Grüße, 🙂.", "Grüße, 🙂.", "Grüße, 🙂.", "Grüße, 🙂."));
        followEnd.Should().Be(driveEnd).And.BeEquivalentTo(new StreamEnd(StreamStatus.Done) { Length = 14, FinishReason = "stop" });
        (whole.Status, whole.Labels["user"], before.Status, before.Text).Should().Be((StreamStatus.Done, "ann", StreamStatus.Streaming, null));
        await Eventually.UntilAsync("it is listed", async () =>
            await client.ListAsync(new() { Label = new("user", "ann"), Status = StreamStatus.Done }).AnyAsync(each => each.Id == created.Id));
        (await client.CancelAsync(created.Id, "too late")).Status.Should().Be(StreamStatus.Done);
        await client.DeleteAsync(created.Id);
        await client.DeleteAsync(created.Id);
        (await client.Invoking(c => c.QueryAsync(created.Id)).Should().ThrowAsync<TextStreamsException>()).Which.Problem.Code.Should().Be("deleted");
    }

    [Fact]
    public async Task A_cancelled_stream_ends_its_followers_with_the_reason()
    {
        var created = await client.CreateAsync(new() { Source = "script" });
        var following = ToEndAsync(client.FollowAsync(created.Id));

        await client.CancelAsync(created.Id, "Seen enough.");

        var (_, end) = await following;
        (end!.Status, end.Error!.Code, end.IsDone).Should().Be((StreamStatus.Cancelled, "cancelled", false));
        end.Error.Message.Should().Contain("Seen enough");
    }

    [Fact]
    public async Task The_same_creation_again_is_the_same_stream_and_another_of_its_id_a_problem()
    {
        var first = await client.CreateAsync(new() { Id = "one", Source = "script" });

        (await client.CreateAsync(new() { Id = "one", Source = "script" })).CreatedAt.Should().Be(first.CreatedAt);
        var refused = await client.Invoking(c => c.CreateAsync(new() { Id = "one", Source = "script", MaxDuration = TimeSpan.FromHours(1) }))
            .Should().ThrowAsync<TextStreamsException>();
        (refused.Which.Problem.Code, refused.Which.Problem.Status, refused.Which.IsTransient).Should().Be(("id-in-use", 409, false));
    }

    [Fact]
    public async Task A_connection_that_is_cut_again_and_again_loses_and_repeats_nothing()
    {
        await using var proxy = TcpProxy.To(new Uri(app.Urls.Single()).Port);
        var (own, proxied) = Client(new Uri($"http://127.0.0.1:{proxy.Port}/v1/streams"));
        await using var disposed = own;
        var created = await client.CreateAsync(new() { Source = "script" });
        var run = script.For(new(created.Id));
        var isTold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (driving, following) = (ToEndAsync(proxied.DriveAsync(created.Id), isTold), ToEndAsync(proxied.FollowAsync(created.Id)));
        var text = new StringBuilder();
        await run.SayAsync("Before the first cut. ");
        text.Append("Before the first cut. ");

        // A driver that has no answer yet would be lost.
        await isTold.Task.WaitAsync(Eventually.Limit);
        for (var i = 0; i < 60; i++)
        {
            var piece = $"Piece {i} ü🙂. ";
            text.Append(piece);
            await run.SayAsync(piece);
            if (i % 3 == 2) proxy.Close(reset: i % 2 == 0);
        }

        run.End();

        (await driving).Text.Should().Be(text.ToString());
        (await following).Text.Should().Be(text.ToString());
    }

    [Fact]
    public async Task A_list_that_is_watched_comes_again_when_it_is_another()
    {
        using var over = new CancellationTokenSource();
        await using var lists = client.WatchListAsync(new() { Label = new("user", "bob") }, over.Token).GetAsyncEnumerator();
        (await lists.MoveNextAsync()).Should().BeTrue();
        lists.Current.Items.Should().BeEmpty();

        var next = lists.MoveNextAsync().AsTask();
        await client.CreateAsync(new() { Id = "other", Source = "script" });
        await client.CreateAsync(new() { Id = "bobs", Source = "script", Labels = new Dictionary<string, string> { ["user"] = "bob" } });

        (await next.WaitAsync(Eventually.Limit)).Should().BeTrue();
        lists.Current.Items.Select(each => each.Id).Should().Equal("bobs");
        await over.CancelAsync();
    }

    [Fact]
    public async Task A_driver_whose_request_never_got_through_is_told_so()
    {
        var (own, nowhere) = Client(new Uri("http://127.0.0.1:1/v1/streams"));
        await using var disposed = own;

        await nowhere.Invoking(c => ToEndAsync(c.DriveAsync("a"))).Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task A_follower_gives_up_where_it_was_told_to()
    {
        var (own, nowhere) = Client(new Uri("http://127.0.0.1:1/v1/streams"), options => options.GiveUpAfter = TimeSpan.FromMilliseconds(100));
        await using var disposed = own;

        await nowhere.Invoking(c => ToEndAsync(c.FollowAsync("a"))).Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task What_is_no_server_of_this_api_is_named()
    {
        var (own, elsewhere) = Client(new Uri($"{app.Urls.Single()}/page"));
        await using var disposed = own;

        foreach (var call in new Func<Task>[] { () => elsewhere.QueryAsync("a"), () => ToEndAsync(elsewhere.FollowAsync("a")) })
            (await call.Should().ThrowAsync<TextStreamsException>()).Which.Problem.Code.Should().Be("not-this-api");
    }

    [Fact]
    public void Without_an_address_it_says_what_is_missing()
    {
        using var http = new HttpClient();

        FluentActions.Invoking(() => new TextStreamsClient(http, new())).Should().Throw<ArgumentException>().WithMessage("*BaseAddress*");
    }

    [Fact]
    public async Task Added_twice_it_is_one_and_tries_no_more_often()
    {
        var services = new ServiceCollection();
        services.AddTextStreamsClient(new Uri("http://127.0.0.1:1"));
        var before = services.Count;
        services.AddTextStreamsClient(options => options.Retries = 1);
        await using var provider = services.BuildServiceProvider();

        provider.GetServices<TextStreamsClient>().Should().ContainSingle();
        services.Count(service => service.ServiceType.FullName!.Contains("Resilience", StringComparison.Ordinal)).Should().BePositive();
        services.Count.Should().BeLessThan(before + 5);
    }

    private static (ServiceProvider Services, TextStreamsClient Client) Client(Uri streams, Action<TextStreamsClientOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddTextStreamsClient(options =>
        {
            (options.BaseAddress, options.RetryDelay, options.Retries) = (streams, TimeSpan.FromMilliseconds(2), 3);
            configure?.Invoke(options);
        });
        var provider = services.BuildServiceProvider();
        return (provider, provider.GetRequiredService<TextStreamsClient>());
    }

    /// <param name="isTold">Completed with the first update.</param>
    private static async Task<(string Text, StreamEnd? End)> ToEndAsync(IAsyncEnumerable<StreamUpdate> updates, TaskCompletionSource? isTold = null)
    {
        var text = new StringBuilder();
        StreamEnd? end = null;
        await foreach (var update in updates)
        {
            isTold?.TrySetResult();
            text.Append(update.Text);
            end = update.End;
        }

        return (text.ToString(), end);
    }
}
