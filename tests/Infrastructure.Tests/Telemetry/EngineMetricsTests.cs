using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Telemetry;

/// <summary>What an engine counts of its streams.</summary>
public sealed class EngineMetricsTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly RecordedMetrics metrics = new();
    private readonly RecordedLogs logs = new();
    private readonly ScriptedSource source = new();
    private readonly InMemoryStore store;
    private EngineNode node = null!;

    public EngineMetricsTests() => store = new InMemoryStore(time);

    public async Task InitializeAsync() => node = await EngineNode.StartAsync(
        new InMemoryEventStore(store), time, [source], logger: logs.CreateLogger("engine"), metrics: metrics);

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        metrics.Dispose();
    }

    [Fact]
    public async Task A_stream_that_ends_well_is_counted_with_its_tokens_text_usage_and_times()
    {
        var id = await node.CreateAsync("one", labels: Tenant("acme"));
        var run = source.For(id);
        var driver = await node.DriveAsync(id);
        await run.Begun;
        metrics.ValueOf("textstreams.live").Should().Be(1);
        time.Advance(TimeSpan.FromMilliseconds(300));
        await run.SayAsync("Hello", " ", "world.");
        time.Advance(TimeSpan.FromMilliseconds(700));
        await run.SayAsync(" Bye.");
        run.End(new SourceResult("stop", """{"prompt_tokens":7,"completion_tokens":4}"""));
        await driver.Finished;

        metrics.ValueOf("textstreams.live").Should().Be(0);
        metrics.ValueOf("textstreams.unsaved").Should().Be(0);
        metrics.SumOf("textstreams.tokens", "model=script-1,source=script").Should().Be(4);
        metrics.SumOf("textstreams.usage.text", "model=script-1,source=script,tenant=acme").Should().Be(17);
        metrics.SumOf("textstreams.batch.size").Should().Be(17);
        metrics.SumOf("textstreams.usage.tokens", "tenant=acme,type=input").Should().Be(7);
        metrics.SumOf("textstreams.usage.tokens", "tenant=acme,type=output").Should().Be(4);
        metrics.Of("textstreams.endings").Should().ContainSingle().Which.Labels.Should().Be("cause=completed,source=script,status=done");
        metrics.Of("textstreams.time_to_first_token").Should().ContainSingle().Which.Value.Should().BeApproximately(0.3, 0.01);
        metrics.Of("textstreams.token.rate").Should().ContainSingle().Which.Value.Should().BeApproximately(3 / 0.7, 0.1);
        metrics.SeriesOf("textstreams.append.duration").Should().Equal("outcome=appended");
    }

    [Fact]
    public async Task A_model_is_told_by_the_conventions_for_generative_ai()
    {
        var id = await node.CreateAsync("one");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("Hello.");
        source.For(id).End(new SourceResult("stop", """{"input_tokens":7,"output_tokens":4}"""));
        await driver.Finished;

        const string labels = "gen_ai.operation.name=chat,gen_ai.provider.name=a test,gen_ai.request.model=script-1";
        metrics.Of("gen_ai.client.operation.duration").Should().ContainSingle().Which.Labels.Should().Be(labels);
        metrics.Of("gen_ai.client.operation.time_to_first_chunk").Should().ContainSingle().Which.Labels.Should().Be(labels);
        metrics.Of("gen_ai.client.token.usage").Select(each => (each.Value, each.Labels)).Should().BeEquivalentTo([
            (7.0, labels + ",gen_ai.token.type=input"), (4.0, labels + ",gen_ai.token.type=output")]);
    }

    [Fact]
    public async Task Tokens_are_counted_also_of_a_usage_that_is_too_long_to_be_kept()
    {
        var id = await node.CreateAsync("one");
        var driver = await node.DriveAsync(id);
        source.For(id).End(new SourceResult("stop", $$"""{"input_tokens":7,"output_tokens":4,"steps":"{{new string('x', 9000)}}"}"""));
        await driver.Finished;

        metrics.Of("gen_ai.client.token.usage").Select(each => each.Value).Should().BeEquivalentTo([7.0, 4.0]);
    }

    [Fact]
    public async Task A_model_that_fails_without_a_word_is_told_by_its_code_and_takes_no_label()
    {
        var id = await node.CreateAsync("one");
        var driver = await node.DriveAsync(id);
        source.For(id).Throw(new SourceFailedException("model-gone", "It went away."));
        await driver.Finished;

        metrics.Of("gen_ai.client.operation.duration").Should().ContainSingle().Which.Labels
            .Should().Be("error.type=model-gone,gen_ai.operation.name=chat,gen_ai.provider.name=other,gen_ai.request.model=other");
        metrics.Of("textstreams.endings").Should().ContainSingle().Which.Labels.Should().Be("cause=model-gone,source=script,status=error");
    }

    [Fact]
    public async Task A_line_in_the_log_says_how_a_stream_ended()
    {
        var id = await node.CreateAsync("one");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("Hello.");
        source.For(id).Throw(new SourceFailedException("model-gone", "It went away."));
        await driver.Finished;

        logs.Lines.Should().ContainSingle(line => line.Contains("Stream one ended as Error (model-gone): 6 bytes in 1 chunks, 1 tokens"));
    }

    [Fact]
    public async Task Endings_without_a_driver_here_are_counted_and_logged_too()
    {
        var cancelled = await node.CreateAsync("cancelled");
        await node.CreateAsync("forgotten");
        await node.Engine.Endings.CancelAsync(cancelled, "No more.", Caller.Anonymous, default);
        await UntilAsync("the stream that has no driver ends", () => metrics.SumOf("textstreams.endings", "cause=idle") == 1, TimeSpan.FromMinutes(30));
        await Eventually.UntilAsync("the sweep that ended it is counted", () => metrics.SumOf("textstreams.sweeps.streams") == 1);
        await node.Engine.Endings.DeleteAsync(cancelled, null, Caller.Anonymous, default);

        metrics.SeriesOf("textstreams.endings").Should().BeEquivalentTo(
            ["cause=cancelled,source=script,status=cancelled", "cause=idle,source=script,status=timeout"]);
        metrics.SumOf("textstreams.deletions").Should().Be(1);
        metrics.SumOf("textstreams.sweeps").Should().BePositive();
        metrics.SumOf("textstreams.sweeps.streams").Should().Be(1);
        logs.Lines.Should().Contain(line => line.Contains("Stream cancelled ended as Cancelled (cancelled), with no driver here"))
            .And.Contain(line => line.Contains("Stream forgotten ended as Timeout (idle), with no driver here"))
            .And.Contain(line => line.Contains("Stream cancelled was deleted"));
    }

    [Fact]
    public async Task Drivers_that_are_left_are_counted_by_why()
    {
        var (slow, gone) = (await node.CreateAsync("slow"), await node.CreateAsync("gone"));
        var unread = (DriveResult.Driving)await node.Engine.Drivers.DriveAsync(slow, null, null, null, Caller.Anonymous, default);
        var left = (DriveResult.Driving)await node.Engine.Drivers.DriveAsync(gone, null, null, null, Caller.Anonymous, default);
        left.Output.Drop();
        var text = new string('x', 300_000);
        for (var i = 0; i < 5; i++) (await source.For(slow).OfferAsync(text)).IsFaulted.Should().BeFalse();
        source.For(slow).End();
        source.For(gone).End();
        await Task.WhenAll(unread.Finished, left.Finished);

        metrics.SumOf("textstreams.drivers.dropped", "reason=slow").Should().Be(1);
        metrics.SumOf("textstreams.drivers.dropped", "reason=gone").Should().Be(1);
    }

    [Fact]
    public async Task A_token_by_itself_records_nothing()
    {
        var id = await node.CreateAsync("one");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("The first is told.");
        node.Faults.GoAway();
        var before = metrics.Count;
        for (var i = 0; i < 10_000; i++) await source.For(id).SayAsync(" more");
        metrics.Count.Should().BeLessThan(before + 10, "what is counted by token is added when a batch is durable");
        node.Faults.ComeBack();
        source.For(id).End();
        await UntilAsync("it ends", () => driver.Finished.IsCompleted, TimeSpan.FromMilliseconds(100));

        metrics.SumOf("textstreams.tokens").Should().Be(10_001);
    }

    [Fact]
    public async Task Followers_are_counted_while_they_follow()
    {
        using (node.Engine.Drivers.Followers.Enter(new("a")))
        using (node.Engine.Drivers.Followers.Enter(new("a")))
        using (node.Engine.Drivers.Followers.Enter(new("b")))
            metrics.ValueOf("textstreams.followers").Should().Be(3);

        metrics.ValueOf("textstreams.followers").Should().Be(0);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_log_that_goes_away_is_an_outage_and_the_ending_says_so()
    {
        var id = await node.CreateAsync("one");
        var driver = await node.DriveAsync(id);
        node.Faults.GoAway();
        await source.For(id).SayAsync("Hello.");
        metrics.ValueOf("textstreams.unsaved").Should().Be(6);
        await UntilAsync("the outage limit has passed", () => source.For(id).Token.IsCancellationRequested, TimeSpan.FromSeconds(1));
        metrics.SumOf("textstreams.outages").Should().Be(1);
        node.Faults.ComeBack();
        await UntilAsync("the ending is written", () => metrics.Of("textstreams.endings").Count > 0, TimeSpan.FromSeconds(1));

        metrics.SeriesOf("textstreams.endings").Should().Equal("cause=log-unavailable,source=script,status=error");
        (await driver.End)!.Status.Should().BeNull();
    }

    [Fact]
    public async Task A_claim_that_loses_is_a_conflict_and_creating_again_is_none()
    {
        var id = await node.CreateAsync("one");
        await node.CreateAsync("one");
        metrics.SumOf("textstreams.conflicts").Should().Be(0);
        await using var other = await EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], "b");
        node.Faults.OnAppend = (_, events) =>
        {
            if (events[0].Type == "StreamStarted") other.DriveAsync(id).Wait();
        };
        var answer = await node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default);

        answer.Should().BeOfType<DriveResult.AlreadyDriven>();
        metrics.SumOf("textstreams.conflicts").Should().Be(1);
        metrics.SeriesOf("textstreams.append.duration").Should().Contain("outcome=lost");
        source.For(id).End();
    }

    private Task UntilAsync(string what, Func<bool> condition, TimeSpan step) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        time.Advance(step);
        return condition();
    });

    private static Labels Tenant(string name) => Labels.From([KeyValuePair.Create("tenant", name)]);
}
