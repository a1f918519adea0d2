using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>Streams that the app's own code runs, follows and lists.</summary>
public sealed class FromCodeTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_job_runs_a_stream_without_a_request_and_gets_its_ending()
    {
        var running = app.Streams.RunAsync(new NewTextStream("script") { Id = "job", By = "cron" });
        var script = app.Script.For(new("job"));
        await script.SayAsync("Said.");
        script.End(new SourceResult("stop", """{"total_tokens":7}"""));

        var end = await running;

        end.Should().Be(new StreamEnd(new("job"), StreamStatus.Done)
        {
            Length = 5,
            Revision = Revision.From(3),
            FinishReason = "stop",
            Usage = """{"total_tokens":7}""",
        });
        end.IsDone.Should().BeTrue();
        (await app.Streams.FindAsync(new("job")))!.Text.ToString().Should().Be("Said.");
        (await app.Engine.Log.ReadLastAsync(new("job"), default))!.Context.Actor.Should().Be("cron");
    }

    [Fact]
    public async Task A_failure_is_an_ending_and_no_exception()
    {
        var running = app.Streams.RunAsync(new NewTextStream("script") { Id = "job" });
        app.Script.For(new("job")).Throw(new SourceFailedException("model-gone", "The model went away."));

        var end = await running;

        end.Status.Should().Be(StreamStatus.Error);
        end.Error.Should().Be(new StreamFailure("model-gone", "The model went away."));
        end.IsDone.Should().BeFalse();
    }

    [Fact]
    public async Task A_job_that_comes_again_follows_what_runs_and_is_answered_with_what_has_ended()
    {
        var request = new NewTextStream("script") { Id = "job" };
        var first = app.Streams.RunAsync(request);
        await app.Script.For(new("job")).Begun;
        var second = app.Streams.RunAsync(request);
        second.IsCompleted.Should().BeFalse();
        app.Script.For(new("job")).End();

        (await second).Should().Be(await first);
        (await app.Streams.RunAsync(request)).Should().Be(await first);
        (await app.Streams.RunAsync(new StreamId("job"))).Should().Be(await first);
        app.Script.Runs.Should().Be(1);
    }

    [Fact]
    public async Task Stopping_to_wait_for_a_job_does_not_stop_its_stream()
    {
        using var patience = new CancellationTokenSource();
        var running = app.Streams.RunAsync(new NewTextStream("script") { Id = "job" }, patience.Token);
        await app.Script.For(new("job")).Begun;
        await patience.CancelAsync();
        await FluentActions.Awaiting(() => running).Should().ThrowAsync<OperationCanceledException>();

        var again = app.Streams.RunAsync(new StreamId("job"));
        app.Script.For(new("job")).End();

        (await again).IsDone.Should().BeTrue();
    }

    [Fact]
    public async Task Of_what_is_not_there_the_caller_hears()
    {
        await FluentActions.Awaiting(() => app.Streams.RunAsync(new StreamId("never"))).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => UpdatesAsync("never")).Should().ThrowAsync<ArgumentException>();

        var id = await app.Streams.CreateAsync(new NewTextStream("script"));
        await FluentActions.Awaiting(() => UpdatesAsync(id.Value, Revision.From(1))).Should().ThrowAsync<ArgumentException>().WithMessage("*0 as its last*");
        await app.Streams.DeleteAsync(id);
        (await app.Streams.RunAsync(id)).Status.Should().Be(StreamStatus.Deleted);
        (await UpdatesAsync(id.Value)).Should().ContainSingle().Which.End!.Status.Should().Be(StreamStatus.Deleted);
    }

    [Fact]
    public async Task A_follower_gets_status_text_and_end_live_and_the_same_later()
    {
        var id = await app.Streams.CreateAsync(new NewTextStream("script"));
        var live = UpdatesAsync(id.Value);
        var running = app.Streams.RunAsync(id);
        await app.Script.For(id).SayAsync("One. ");
        await Eventually.UntilAsync("the first batch is durable", async () => (await app.Streams.FindAsync(id))!.Summary.Length == 5);
        await app.Script.For(id).SayAsync("Zwei. ");
        app.Script.For(id).End(new SourceResult("stop"));
        var end = await running;

        var updates = await live;

        updates.Select(update => update.Status).Should().Equal(
            StreamStatus.Pending, StreamStatus.Streaming, StreamStatus.Streaming, StreamStatus.Streaming, StreamStatus.Done);
        string.Concat(updates).Should().Be("One. Zwei. ");
        updates.Where(update => update.Text is not null).Select(update => update.Offset).Should().Equal(0, 5);
        updates[^1].End.Should().Be(end);
        (await UpdatesAsync(id.Value)).Should().Equal(updates);
        for (var i = 0; i < updates.Count; i++)
            (await UpdatesAsync(id.Value, updates[i].Revision)).Should().Equal(updates[(i + 1)..]);
    }

    [Fact]
    public async Task A_follower_hears_of_a_deletion()
    {
        // What comes within 2 s of its end is told as its deletion.
        await using var app = await TextStreamsApp.StartAsync(new() { Time = new SlowTime(20) });
        var id = await app.Streams.CreateAsync(new NewTextStream("script"));
        var running = app.Streams.RunAsync(id);
        await app.Script.For(id).SayAsync("One. ");
        await Eventually.UntilAsync("the first batch is durable", async () => (await app.Streams.FindAsync(id))!.Summary.Length == 5);
        var live = UpdatesAsync(id.Value, of: app);
        await Eventually.UntilAsync("it follows", () => app.Engine.Drivers.Followers.Any(id));

        await app.Streams.DeleteAsync(id);

        (await live)[^1].End!.Status.Should().Be(StreamStatus.Deleted);
        (await running).Status.Should().BeOneOf(StreamStatus.Cancelled, StreamStatus.Deleted);
        app.Engine.Drivers.Followers.Any(id).Should().BeFalse();
    }

    [Fact]
    public async Task A_follower_that_stops_is_told_by_its_own_token_and_by_the_servers_stop()
    {
        var id = await app.Streams.CreateAsync(new NewTextStream("script"));
        using var own = new CancellationTokenSource();
        var live = UpdatesAsync(id.Value, ct: own.Token);
        var other = UpdatesAsync(id.Value);
        await Eventually.UntilAsync("they follow", () => app.Engine.Drivers.Followers.Any(id));

        await own.CancelAsync();
        await FluentActions.Awaiting(() => live).Should().ThrowAsync<OperationCanceledException>();
        await app.Access.ClearAsync();
        await FluentActions.Awaiting(() => other).Should().ThrowAsync<LogUnavailableException>();
    }

    [Fact]
    public async Task Streams_are_listed_beyond_one_page_and_by_what_is_asked_for()
    {
        for (var i = 0; i < 205; i++)
        {
            await app.Streams.CreateAsync(new NewTextStream("script")
            {
                Id = $"s{i:000}",
                Labels = new Dictionary<string, string> { ["parity"] = i % 2 == 0 ? "even" : "odd" },
            });
        }

        await Eventually.UntilAsync("the list has all", async () => (await ListedAsync()).Count == 205);
        (await ListedAsync()).Should().BeInDescendingOrder().And.OnlyHaveUniqueItems();
        (await ListedAsync(new() { Label = new("parity", "odd"), Search = "S00" })).Should().Equal("s009", "s007", "s005", "s003", "s001");
        (await ListedAsync(new() { Status = StreamStatus.Done })).Should().BeEmpty();
        (await ListedAsync(new() { Source = "demo" })).Should().BeEmpty();
        (await ListedAsync(new() { To = DateTimeOffset.UnixEpoch })).Should().BeEmpty();
        (await ListedAsync(new() { From = DateTimeOffset.UnixEpoch })).Should().HaveCount(205);
    }

    [Fact]
    public async Task A_test_of_an_app_replaces_the_members_that_it_calls()
    {
        TextStreams streams = new Replaced();

        (await streams.RunAsync(new NewTextStream("any"))).Length.Should().Be(42);
    }

    private Task<List<StreamUpdate>> UpdatesAsync(string id, Revision? after = null, TextStreamsApp? of = null, CancellationToken ct = default)
    {
        return AllAsync().WaitAsync(Eventually.Limit, CancellationToken.None);

        async Task<List<StreamUpdate>> AllAsync()
        {
            var updates = new List<StreamUpdate>();
            await foreach (var update in (of ?? app).Streams.FollowAsync(new StreamId(id), after, ct)) updates.Add(update);
            return updates;
        }
    }

    private async Task<List<string>> ListedAsync(StreamQuery? query = null)
    {
        var ids = new List<string>();
        await foreach (var stream in app.Streams.ListAsync(query)) ids.Add(stream.Id.Value);
        return ids;
    }

    private sealed class Replaced : TextStreams
    {
        public override Task<StreamEnd> RunAsync(NewTextStream stream, CancellationToken ct = default) =>
            Task.FromResult(new StreamEnd(new("x"), StreamStatus.Done) { Length = 42 });
    }
}
