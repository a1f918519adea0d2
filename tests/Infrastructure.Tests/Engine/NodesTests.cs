using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>Several nodes on one log: cancelling from elsewhere, nodes that die, freeze or come back.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private InMemoryStore store = null!;
    private EngineNode a = null!;
    private EngineNode b = null!;

    public async Task InitializeAsync()
    {
        store = new InMemoryStore(time);
        a = await StartAsync("a");
        b = await StartAsync("b");
    }

    public async Task DisposeAsync()
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
    }

    [Fact]
    public async Task A_cancel_on_another_node_keeps_the_drivers_tail()
    {
        var id = await a.CreateAsync("s");
        var driver = await a.DriveAsync(id);
        await source.For(id).SayAsync("A sentence. And a tai");

        // By a clock that stands: the driver has its time to answer, however long its feed takes.
        var result = await b.Engine.Endings.CancelAsync(id, "enough", new Caller("ann"), default).WaitAsync(Eventually.Limit);

        result.Should().Be(new EndResult.Ended(StreamStatus.Cancelled));
        (await driver.End)!.Status.Should().Be(StreamStatus.Cancelled);
        source.For(id).Token.IsCancellationRequested.Should().BeTrue();
        var last = (await b.EventsAsync(id))[^1];
        last.Event.Should().BeOfType<StreamEvent.StreamCancelled>().Which.Should().Match<StreamEvent.StreamCancelled>(
            e => e.By == "ann" && e.Reason == "enough");
        last.Context.Node.Should().Be(a.Self, "the driver itself wrote the ending");
        (await b.BodyAsync(id)).Text.ToString().Should().Be("A sentence. And a tai").And.Be(driver.Text);
    }

    [Fact]
    public async Task A_cancel_on_the_driving_node_is_one_append_with_the_last_text()
    {
        var id = await a.CreateAsync("s");
        var driver = await a.DriveAsync(id);
        await source.For(id).SayAsync("half a sen");

        (await a.Engine.Endings.CancelAsync(id, null, Caller.Anonymous, default)).Should().Be(new EndResult.Ended(StreamStatus.Cancelled));

        (await driver.End)!.Status.Should().Be(StreamStatus.Cancelled);
        var events = await a.EventsAsync(id);
        events.Select(e => e.Event.GetType().Name).Should().Equal("StreamCreated", "StreamStarted", "ChunkPersisted", "StreamCancelled");
        events[3].Event.At.Should().Be(events[2].Event.At);
        (await a.BodyAsync(id)).Text.ToString().Should().Be("half a sen");
    }

    [Fact]
    public async Task A_cancel_of_what_has_ended_or_was_never_driven_tells_the_truth()
    {
        var done = await a.CreateAsync("done");
        var driver = await a.DriveAsync(done);
        await source.For(done).Begun;
        source.For(done).End();
        await driver.End;
        var pending = await a.CreateAsync("pending");

        (await b.Engine.Endings.CancelAsync(done, null, Caller.Anonymous, default)).Should().Be(new EndResult.Ended(StreamStatus.Done));
        (await b.EventsAsync(done))[^1].Event.Should().BeOfType<StreamEvent.StreamCompleted>();
        (await b.Engine.Endings.CancelAsync(pending, null, Caller.Anonymous, default)).Should().Be(new EndResult.Ended(StreamStatus.Cancelled));
        (await b.Engine.Endings.CancelAsync(new StreamId("never"), null, Caller.Anonymous, default)).Should().BeOfType<EndResult.UnknownStream>();
    }

    [Fact]
    public async Task A_driver_that_does_not_answer_is_cancelled_by_the_asker_and_stops_when_it_finds_out()
    {
        var id = await a.CreateAsync("s");
        var driver = await a.DriveAsync(id);
        await source.For(id).SayAsync("Before. ");
        await Eventually.UntilAsync("it is durable", () => driver.SavedLength == 8);
        a.Faults.GoAway();
        await source.For(id).SayAsync("lost");

        var result = await AdvanceUntilDoneAsync(b.Engine.Endings.CancelAsync(id, null, Caller.Anonymous, default));
        result.Should().Be(new EndResult.Ended(StreamStatus.Cancelled));

        a.Faults.ComeBack();
        var end = await AdvanceUntilDoneAsync(driver.End);
        end!.Status.Should().Be(StreamStatus.Cancelled);
        await AdvanceUntilAsync("the source has been stopped", () => !a.Engine.Drivers.IsDriving(id));
        source.For(id).Token.IsCancellationRequested.Should().BeTrue();
        (await b.EventsAsync(id)).Count(e => e.Event.IsEnding).Should().Be(1);
        (await b.BodyAsync(id)).Text.ToString().Should().Be("Before. ");
    }

    [Fact]
    public async Task A_dead_nodes_streams_are_ended_as_soon_as_it_is_known_to_be_dead()
    {
        var id = await a.CreateAsync("s");
        await a.DriveAsync(id);
        await source.For(id).SayAsync("Before. ");
        await b.DisposeAsync();
        b = await EngineNode.StartAsync(
            new InMemoryEventStore(store), time, [source], "c", new StreamEngineOptions { SweepInterval = TimeSpan.FromHours(1) });
        await AdvanceUntilAsync("the other node knows of it", () => IsListedAsync(b, id, StreamStatus.Streaming));
        await ALeavesAsync();
        var died = time.GetUtcNow();

        await AdvanceUntilAsync("the other node has ended it", () => IsListedAsync(b, id, StreamStatus.Error));

        (time.GetUtcNow() - died).Should().BeGreaterThan(TimeSpan.FromSeconds(36)).And.BeLessThan(TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task A_dead_nodes_streams_are_ended_by_another_after_its_outage_limit_and_a_little_more()
    {
        var id = await a.CreateAsync("s");
        var driver = await a.DriveAsync(id);
        await source.For(id).SayAsync("Before. ");
        await Eventually.UntilAsync("it is durable", () => driver.SavedLength == 8);
        await AdvanceUntilAsync("the other node knows of it", () => IsListedAsync(b, id, StreamStatus.Streaming));
        await ALeavesAsync();
        var died = time.GetUtcNow();

        await AdvanceUntilAsync("the other node has ended it", () => IsListedAsync(b, id, StreamStatus.Error));

        (time.GetUtcNow() - died).Should().BeGreaterThan(TimeSpan.FromSeconds(36)).And.BeLessThan(TimeSpan.FromSeconds(45));
        var last = (await b.EventsAsync(id))[^1];
        last.Event.Should().BeOfType<StreamEvent.StreamFailed>().Which.Code.Should().Be("interrupted");
        last.Context.Actor.Should().Be("sweeper");
        (await b.BodyAsync(id)).Text.ToString().Should().Be("Before. ");
    }

    [Fact]
    public async Task A_living_nodes_streams_are_left_alone_however_long_they_take()
    {
        var id = await a.CreateAsync("s", idleTimeout: TimeSpan.FromDays(1));
        await a.DriveAsync(id);
        await AdvanceUntilAsync("the other node knows of it", () => IsListedAsync(b, id, StreamStatus.Streaming));
        var started = time.GetUtcNow();

        await AdvanceUntilAsync("two minutes have passed", () => time.GetUtcNow() - started > TimeSpan.FromMinutes(2));

        (await b.EventsAsync(id))[^1].Event.Should().BeOfType<StreamEvent.StreamStarted>();
        a.Engine.Drivers.IsDriving(id).Should().BeTrue();
    }

    [Fact]
    public async Task A_new_run_of_a_node_ends_what_its_old_run_drove()
    {
        var c = await StartAsync("c");
        var id = await c.CreateAsync("s");
        var driver = await c.DriveAsync(id);
        await source.For(id).SayAsync("Before. ");
        await Eventually.UntilAsync("it is durable", () => driver.SavedLength == 8);
        c.Faults.GoAway();

        var again = StartAsync("c", exclusive: true); // as the embedded log's lock proves the old run dead
        await AdvanceUntilDoneAsync(again);
        await using var next = await again;

        await AdvanceUntilAsync("it is ended", () => IsListedAsync(next, id, StreamStatus.Error));
        (await next.EventsAsync(id))[^1].Event.Should().BeOfType<StreamEvent.StreamFailed>().Which.Code.Should().Be("interrupted");
        await c.DisposeAsync();
    }

    [Fact]
    public async Task A_name_that_another_process_uses_lets_this_one_claim_nothing()
    {
        var twin = await AdvanceUntilDoneAsync(StartAsync("a"));
        var id = await twin.CreateAsync("s");

        var result = await twin.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default);

        result.Should().BeOfType<DriveResult.Unavailable>().Which.Why.Should().Contain("node name 'a'");
        await twin.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_that_nobody_drives_ends_after_the_pending_timeout()
    {
        var id = await a.CreateAsync("s");
        await AdvanceUntilAsync("it is listed", () => IsListedAsync(a, id, StreamStatus.Pending));
        time.Advance(TimeSpan.FromHours(23));
        (await a.EventsAsync(id)).Should().HaveCount(1);

        time.Advance(TimeSpan.FromHours(1));
        await AdvanceUntilAsync("it has timed out", () => IsListedAsync(a, id, StreamStatus.Timeout));

        (await a.EventsAsync(id)).Should().HaveCount(2);
        (await a.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default))
            .Should().Be(new DriveResult.AlreadyEnded(StreamStatus.Timeout));
    }

    [Fact]
    public async Task An_ended_stream_is_deleted_when_its_retention_is_over()
    {
        var id = await a.CreateAsync("s", retain: TimeSpan.FromMinutes(1));
        var kept = await a.CreateAsync("kept");
        foreach (var each in new[] { id, kept })
        {
            var driver = await a.DriveAsync(each);
            await source.For(each).SayAsync("text");
            source.For(each).End();
            await driver.End;
        }

        await AdvanceUntilAsync("it is gone", () => IsGoneAsync(id));

        (await a.BodyAsync(kept)).Summary.Status.Should().Be(StreamStatus.Done);
    }

    [Fact]
    public async Task A_deletion_ends_a_running_stream_first_and_is_final()
    {
        var id = await a.CreateAsync("s");
        var driver = await a.DriveAsync(id);
        await source.For(id).SayAsync("text");

        (await a.Engine.Endings.DeleteAsync(id, null, Caller.Anonymous, default)).Should().BeOfType<EndResult.Ended>();

        (await driver.End)!.Status.Should().Be(StreamStatus.Cancelled);
        (await IsGoneAsync(id)).Should().BeTrue();
        (await b.Engine.Endings.DeleteAsync(id, null, Caller.Anonymous, default)).Should().BeOfType<EndResult.Deleted>();
        (await a.Engine.Endings.DeleteAsync(new StreamId("never"), null, Caller.Anonymous, default)).Should().BeOfType<EndResult.UnknownStream>();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task The_cancellation_of_a_deletion_names_the_event_that_will_delete(string asked)
    {
        var id = await a.CreateAsync("s");
        await a.DriveAsync(id);
        await source.For(id).SayAsync("A sentence. ");
        var written = new System.Collections.Concurrent.ConcurrentQueue<NewEvent>();
        a.Faults.OnAppend = b.Faults.OnAppend = (_, events) => { foreach (var next in events) written.Enqueue(next); };

        var node = asked == "a" ? a : b;
        await node.Engine.Endings.DeleteAsync(id, null, new Caller("ann"), default).WaitAsync(Eventually.Limit); // as above

        var cancelled = written.Single(next => next.Type == StoredTypes.StreamCancelled);
        var deleted = written.Single(next => next.Type == StoredTypes.StreamDeleted);
        System.Text.Encoding.UTF8.GetString(cancelled.Metadata.Span).Should().Contain($"\"$causationId\":\"{deleted.Id}\"");
    }

    [Theory]
    [InlineData(null, "The stream was deleted.", true)]
    [InlineData("f81d4fae-7dec-11d0-a765-00a0fffffffe", "in other words", true)]
    [InlineData(null, "enough", false)]
    public void A_cancellation_belongs_to_a_deletion_by_its_causation_or_by_the_words_of_older_nodes(string? causation, string reason, bool belongs)
    {
        var cancelled = Scenario.Recorded("s", 2, Scenario.Cancelled(reason)) with { Context = new EventContext(a.Self, 1, "ann", null, causation) };

        cancelled.IsForDeletion.Should().Be(belongs);
    }

    [Fact]
    public async Task A_request_against_another_driver_of_the_stream_is_ignored()
    {
        var (id, other) = (await a.CreateAsync("s"), await a.CreateAsync("other"));
        var (driver, otherDriver) = (await a.DriveAsync(id), await a.DriveAsync(other));

        await AskAsync(id, epoch: 2);
        await AskAsync(other, epoch: null);
        (await AdvanceUntilDoneAsync(otherDriver.End))!.Status.Should().Be(StreamStatus.Cancelled, "older nodes name no epoch");
        a.Engine.Drivers.IsDriving(id).Should().BeTrue("the request before that one was seen, and meant another driver");
        driver.End.IsCompleted.Should().BeFalse();
        await AskAsync(id, epoch: 1);
        (await AdvanceUntilDoneAsync(driver.End))!.Status.Should().Be(StreamStatus.Cancelled);

        Task<AppendOutcome> AskAsync(StreamId stream, int? epoch) => b.Log.AppendRequestAsync(
            new ServiceEvent.StreamCancelRequested(stream, null, epoch) { At = time.GetUtcNow() },
            new EventContext(b.Self, 0, "ann"), new AppendId(Guid.NewGuid()), default);
    }

    [Fact]
    public async Task A_driver_goes_on_behind_a_note_that_another_writer_left()
    {
        using var known = EventKinds.With(new EventType("NodesNoted", EventKind.Note));
        var id = await a.CreateAsync("s");
        var driver = await a.DriveAsync(id);
        await source.For(id).SayAsync("One. ");
        await AdvanceUntilAsync("it is saved", () => driver.SavedLength == 5);
        var head = (await b.Log.ReadLastAsync(id, default))!.Head;
        var note = new StreamNote("NodesNoted") { At = time.GetUtcNow() };
        (await b.Log.AppendAsync(
            new Append(new AppendId(Guid.NewGuid()), id, head, [note], new EventContext(b.Self, 1, "ann")), default))
            .Should().BeOfType<AppendOutcome.Appended>();

        await source.For(id).SayAsync("Two.");
        source.For(id).End();

        (await AdvanceUntilDoneAsync(driver.End))!.Status.Should().Be(StreamStatus.Done);
        (await b.BodyAsync(id)).Text.ToString().Should().Be("One. Two.");
        (await b.EventsAsync(id)).Select(e => StoredTypes.Of(e.Event)).Should().Equal(
            "StreamCreated", "StreamStarted", "ChunkPersisted", "NodesNoted", "ChunkPersisted", "StreamCompleted");
    }

    [Fact]
    public async Task A_deletion_that_was_cut_short_is_finished_by_a_sweeper()
    {
        var id = await a.CreateAsync("s");
        var tail = new StreamTails(a.Log, () => new AppendId(Guid.NewGuid()), time, a.Self);
        await (await tail.OpenAsync(id, default)).AppendAsync(
            [new StreamCommand.Delete("ann", null) { At = time.GetUtcNow() }], tail.ContextFor(Caller.Anonymous), default);

        await AdvanceUntilAsync("it is gone", () => IsGoneAsync(id));
    }

    /// <summary>With its heartbeat: the others count from that one, and not from when it left.</summary>
    private async Task ALeavesAsync()
    {
        await AdvanceUntilAsync("its last heartbeat is of now", async () => (await b.Log.ReadHeartbeatAsync("a", default))!.Heartbeat.At == time.GetUtcNow());
        a.Faults.GoAway();
    }

    private async Task<bool> IsGoneAsync(StreamId id)
    {
        try
        {
            await a.Log.ReadLastAsync(id, default);
            return false;
        }
        catch (StreamGoneException)
        {
            return true;
        }
    }

    private static async Task<bool> IsListedAsync(EngineNode node, StreamId id, StreamStatus status)
    {
        var page = await node.Engine.Catalog.ListAsync(new CatalogQuery(status, null, 200), default);
        return page.Items.Any(stream => stream.Id == id);
    }

    private async Task<T> AdvanceUntilDoneAsync<T>(Task<T> task)
    {
        await AdvanceUntilAsync("it is done", () => Task.FromResult(task.IsCompleted));
        return await task;
    }

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => time.AdvanceUntilAsync(what, condition);

    private Task AdvanceUntilAsync(string what, Func<Task<bool>> condition) => time.AdvanceUntilAsync(what, condition);

    private Task<EngineNode> StartAsync(string name, bool exclusive = false) =>
        EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], name, exclusive: exclusive);
}
