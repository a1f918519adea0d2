using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

public sealed class DrivingTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private InMemoryStore store = null!;
    private EngineNode node = null!;

    public async Task InitializeAsync()
    {
        store = new InMemoryStore(time);
        node = await StartAsync("a");
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task What_the_driver_saw_is_what_is_stored()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("Once upon a time. ", "there was ", "half a sentence");
        source.For(id).End(new SourceResult("stop", """{"total_tokens":3}"""));

        var end = await driver.End;

        end!.Status.Should().Be(StreamStatus.Done);
        var body = await node.BodyAsync(id);
        body.Text.ToString().Should().Be("Once upon a time. there was half a sentence").And.Be(driver.Text);
        body.Summary.Status.Should().Be(StreamStatus.Done);
        body.Summary.FinishReason.Should().Be("stop");
        end.Length.Should().Be(body.Summary.Length);
        end.Revision.Should().Be(body.Revision);
    }

    [Fact]
    public async Task A_source_that_never_waits_lets_other_work_go_before_it()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        var output = await source.For(id).OutputAsync();

        var appends = Enumerable.Range(0, 5_000).Select(_ => output.AppendAsync("a")).ToList();

        appends.Count(append => append != Task.CompletedTask).Should().BeInRange(4, 5, "each thread is given back now and then, and rarely");
        await Task.WhenAll(appends).WaitAsync(Eventually.Limit);
        source.For(id).End();
        (await driver.End)!.Length.Should().Be(5_000);
    }

    [Fact]
    public async Task Two_claims_through_two_instances_run_one_source()
    {
        await using var other = await StartAsync("b");
        for (var round = 0; round < 20; round++)
        {
            var id = await node.CreateAsync($"s{round}");
            var claims = await Task.WhenAll(
                Task.Run(() => node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default)),
                Task.Run(() => other.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default)));

            claims.Should().ContainSingle(claim => claim is DriveResult.Driving);
            claims.Should().ContainSingle(claim => claim is DriveResult.AlreadyDriven);
            await source.For(id).Begun;
            source.For(id).End();
        }

        source.Runs.Should().Be(20);
    }

    [Fact]
    public async Task A_source_that_throws_in_mid_sentence_loses_nothing()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("First. Second half sen");
        source.For(id).Throw(new SourceFailedException("model-gone", "The model went away."));

        var end = await driver.End;

        end!.Status.Should().Be(StreamStatus.Error);
        end.Error.Should().Be(new StreamFailure("model-gone", "The model went away."));
        var body = await node.BodyAsync(id);
        body.Text.ToString().Should().Be("First. Second half sen").And.Be(driver.Text);
        body.Summary.Error.Should().Be(end.Error);
    }

    [Fact]
    public async Task Of_an_unexpected_exception_only_its_type_is_told()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        source.For(id).Throw(new InvalidOperationException("Password=secret"));

        (await driver.End)!.Error.Should().Be(new StreamFailure("source-failed", "The source failed (InvalidOperationException)."));
    }

    [Fact]
    public async Task Appends_that_nobody_awaits_are_kept_in_their_order()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        var expected = string.Concat(Enumerable.Range(0, 500).Select(i => $"word {i}. "));
        foreach (var i in Enumerable.Range(0, 500)) _ = await source.For(id).OfferAsync($"word {i}. ");
        source.For(id).End();

        await driver.End;
        (await node.BodyAsync(id)).Text.ToString().Should().Be(expected).And.Be(driver.Text);
    }

    [Fact]
    public async Task A_surrogate_pair_cut_by_the_source_is_whole_for_everybody_and_a_lone_one_is_replaced()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("a\ud83d", "\ude00b", "\ude00", "c\ud83d");
        source.For(id).End();

        await driver.End;
        (await node.BodyAsync(id)).Text.ToString().Should().Be("a😀b\uFFFDc\uFFFD").And.Be(driver.Text);
    }

    [Fact]
    public async Task Text_without_an_end_of_sentence_is_durable_after_the_flush_interval()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("no end");
        (await node.BodyAsync(id)).Text.ToString().Should().BeEmpty();

        time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.UntilAsync("the text is durable", () => driver.SavedLength == 6);

        (await node.BodyAsync(id)).Text.ToString().Should().Be("no end");
    }

    [Fact]
    public async Task A_text_over_the_limit_ends_as_too_long_and_what_fits_is_kept()
    {
        await using var small = await StartAsync("b", new StreamEngineOptions { Driving = new DrivingLimits { MaxLength = 10 } });
        var id = await small.CreateAsync("s");
        var driver = await small.DriveAsync(id);
        await source.For(id).SayAsync("12345678äöü", "more");

        var end = await driver.End;

        end!.Error!.Code.Should().Be("too-long");
        (await small.BodyAsync(id)).Text.ToString().Should().Be("12345678ä").And.Be(driver.Text);
        source.For(id).Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task Past_the_unsaved_limit_an_awaited_append_completes_when_text_has_been_saved()
    {
        await using var small = await StartAsync("b", new StreamEngineOptions { Driving = new DrivingLimits { UnsavedLimit = 100 } });
        var id = await small.CreateAsync("s");
        var driver = await small.DriveAsync(id);
        await source.For(id).Begun;
        small.Faults.GoAway();

        (await source.For(id).OfferAsync(new string('x', 99))).IsCompleted.Should().BeTrue();
        var paused = await source.For(id).OfferAsync("yy");
        paused.IsCompleted.Should().BeFalse();
        await Eventually.UntilAsync("the driver has it all the same", () => driver.Text.Length == 101);

        small.Faults.ComeBack();
        time.Advance(TimeSpan.FromMilliseconds(100));
        await paused;
        source.For(id).End();
        await driver.End;
        (await small.BodyAsync(id)).Summary.Length.Should().Be(101);
    }

    [Fact]
    public async Task A_driver_that_does_not_read_is_dropped_and_the_text_goes_on_to_the_log()
    {
        await using var small = await StartAsync("b", new StreamEngineOptions { Driving = new DrivingLimits { DriverQueueChars = 1000 } });
        var id = await small.CreateAsync("s");
        var driving = (DriveResult.Driving)await small.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default);
        for (var i = 0; i < 200; i++) await source.For(id).SayAsync("0123456789");
        source.For(id).End();

        await driving.Finished;
        driving.Output.IsDropped.Should().BeTrue();
        (await driving.Output.ReadAsync(null, default)).Should().BeEmpty();
        (await small.BodyAsync(id)).Summary.Length.Should().Be(2000);
    }

    [Fact]
    public async Task Silence_ends_a_stream_and_life_keeps_it()
    {
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        var said = 0;
        for (var minute = 0; minute < 25; minute++)
        {
            var text = $"minute {minute}\n";
            said += text.Length;
            await source.For(id).SayAsync(text);
            await Eventually.UntilAsync("the minute's text is durable", () => driver.SavedLength == said);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        driver.End.IsCompleted.Should().BeFalse();
        var lastText = time.GetUtcNow() - TimeSpan.FromMinutes(1);
        time.Advance(TimeSpan.FromMinutes(18));
        driver.End.IsCompleted.Should().BeFalse();
        await Eventually.UntilAsync("silence has ended it", () =>
        {
            if (driver.End.IsCompleted) return true;

            // Once it is ending the clock stands: its last append must not look like an outage.
            if (!source.For(id).Token.IsCancellationRequested) time.Advance(TimeSpan.FromSeconds(1));
            return false;
        });

        var end = await driver.End;
        end!.Status.Should().Be(StreamStatus.Timeout);
        var ending = (StreamEvent.StreamTimedOut)(await node.EventsAsync(id))[^1].Event;
        ending.LastActivityAt.Should().Be(lastText);
        ending.IdleFor.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(20));
        (await node.BodyAsync(id)).Text.ToString().Should().Be(driver.Text);
    }

    [Fact]
    public async Task Silence_is_counted_from_the_last_text_and_not_from_the_count_before_it()
    {
        var id = await node.CreateAsync("s", idleTimeout: TimeSpan.FromSeconds(5));
        var driver = await node.DriveAsync(id);
        await source.For(id).Begun;
        time.Advance(TimeSpan.FromMilliseconds(900));
        await source.For(id).SayAsync("late in an interval.\n");
        await Eventually.UntilAsync("it is durable", () => driver.SavedLength == "late in an interval.\n".Length);
        await Eventually.UntilAsync("silence has ended it", () =>
        {
            if (driver.End.IsCompleted) return true;
            if (!source.For(id).Token.IsCancellationRequested) time.Advance(TimeSpan.FromMilliseconds(100));
            return false;
        });

        var ending = (StreamEvent.StreamTimedOut)(await node.EventsAsync(id))[^1].Event;
        ending.IdleFor.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5)).And.BeLessThanOrEqualTo(ending.At - ending.LastActivityAt);
    }

    [Fact]
    public async Task A_source_that_says_it_is_alive_is_not_silent()
    {
        var id = await node.CreateAsync("s", idleTimeout: TimeSpan.FromSeconds(5));
        var driver = await node.DriveAsync(id);
        for (var second = 0; second < 60; second++)
        {
            await source.For(id).KeepAliveAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        source.For(id).Token.IsCancellationRequested.Should().BeFalse();
        var lastSign = time.GetUtcNow() - TimeSpan.FromSeconds(1);
        await Eventually.UntilAsync("silence has ended it", () =>
        {
            if (driver.End.IsCompleted) return true;
            if (!source.For(id).Token.IsCancellationRequested) time.Advance(TimeSpan.FromSeconds(1));
            return false;
        });

        var ending = (StreamEvent.StreamTimedOut)(await node.EventsAsync(id))[^1].Event;
        ending.LastActivityAt.Should().Be(lastSign);
        ending.IdleFor.Should().BeCloseTo(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_stop_of_the_server_ends_what_it_drives_as_interrupted_with_the_last_text()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => node.CreateAsync($"s{i}")));
        var drivers = await Task.WhenAll(ids.Select(node.DriveAsync));
        foreach (var id in ids) await source.For(id).SayAsync("a sentence. and a ha");

        await node.Engine.StopAsync(default);

        foreach (var (id, driver) in ids.Zip(drivers))
        {
            (await driver.End)!.Error!.Code.Should().Be("interrupted");
            var body = await node.BodyAsync(id);
            body.Text.ToString().Should().Be("a sentence. and a ha").And.Be(driver.Text);
            body.Summary.Error!.Code.Should().Be("interrupted");
        }

        (await node.Engine.Drivers.DriveAsync(ids[0], null, null, null, Caller.Anonymous, default)).Should().BeOfType<DriveResult.Unavailable>();
    }

    private Task<EngineNode> StartAsync(string name, StreamEngineOptions? options = null) =>
        EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], name, options);
}
