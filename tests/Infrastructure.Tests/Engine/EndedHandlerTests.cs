using System.Collections.Concurrent;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>Handlers of endings: every stream that ends, once, in order, on one node; again only after a
/// crash.</summary>
public sealed class EndedHandlerTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private readonly Heard heard = new();
    private InMemoryStore store = null!;

    public Task InitializeAsync()
    {
        store = new InMemoryStore(time);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_handler_is_told_of_every_ending_with_its_summary()
    {
        await using var node = await StartAsync("a", heard.As("billing"));
        var done = await EndAsync(node, "done", script => script.End(new SourceResult("length", """{"total_tokens":3}""")));
        var failed = await EndAsync(node, "failed", script => script.Throw(new SourceFailedException("gone", "It went.")));
        var cancelled = await node.CreateAsync("cancelled");
        await node.Engine.Endings.CancelAsync(cancelled, "enough", new Caller("ada"), default);

        await HeardAsync(3);

        heard.Ids.Should().Equal(done, failed, cancelled);
        var first = heard.All[0];
        (first.Status, first.FinishReason, first.Usage, first.Length, first.Source).Should()
            .Be((StreamStatus.Done, "length", """{"total_tokens":3}""", 5, "script"));
        first.Should().Be((await node.BodyAsync(done)).Summary with { LastActivityAt = first.LastActivityAt });
        heard.All[1].Error!.Code.Should().Be("gone");
        heard.All[2].Error!.By.Should().Be("ada");
    }

    [Fact]
    public async Task A_cancellation_that_comes_out_of_the_store_does_not_end_the_delivery()
    {
        var faults = 4;                                                          // more than one for each that follows
        await using var behind = new FaultyEventStore(new InMemoryEventStore(store), time)
        {
            OnFollowAll = () =>
            {
                if (Interlocked.Decrement(ref faults) >= 0) throw new TaskCanceledException("A deadline of the store's own.");
            },
        };
        await using var node = await EngineNode.StartAsync(behind, time, [source], handlers: heard.As("billing"));
        var cancelled = await node.CreateAsync("cancelled");
        await node.Engine.Endings.CancelAsync(cancelled, "enough", new Caller("ada"), default);

        await AdvanceUntilAsync("it was handled", () => heard.Ids.Count == 1);

        heard.Ids.Should().Equal(cancelled);
        node.Engine.HandlerProblem.Should().BeNull();
    }

    [Fact]
    public async Task A_stop_makes_no_ending_come_twice_and_a_start_none_be_missed()
    {
        await using (var node = await StartAsync("a", heard.As("billing")))
        {
            for (var i = 0; i < 20; i++) await EndAsync(node, $"a{i}");
            await HeardAsync(20);
            await StopAsync(node);
        }

        await using (var without = await StartAsync("b"))
        {
            for (var i = 0; i < 20; i++) await EndAsync(without, $"b{i}");
            await StopAsync(without);
        }

        await using var again = await StartAsync("c", heard.As("billing"));
        for (var i = 0; i < 20; i++) await EndAsync(again, $"c{i}");
        await HeardAsync(60);

        heard.Ids.Select(id => id.Value).Should().Equal(
            from node in new[] { "a", "b", "c" } from i in Enumerable.Range(0, 20) select $"{node}{i}");
    }

    [Fact]
    public async Task After_a_crash_nothing_is_missed_and_only_what_came_last_comes_again()
    {
        var all = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            await using var node = await StartAsync("a", heard.As("billing"), exclusive: true);
            for (var i = 0; i < 10; i++) all.Add((await EndAsync(node, $"r{round}-{i}")).Value);
            var wanted = all.Count - 3;
            await Eventually.UntilAsync("most have been handled", () => heard.Ids.Distinct().Count() >= wanted);
        }

        await using var last = await StartAsync("a", heard.As("billing"), exclusive: true);
        await Eventually.UntilAsync("all have been handled", () => heard.Ids.Distinct().Count() == all.Count);

        heard.Ids.Distinct().Select(id => id.Value).Should().Equal(all, "in the log's order");
        heard.Ids.Count.Should().BeLessThan(all.Count + (5 * 10));
    }

    [Fact]
    public async Task A_new_handler_hears_of_what_ends_from_its_first_start_on()
    {
        await using (var before = await StartAsync("a")) await EndAsync(before, "before");
        await using var node = await StartAsync("b", heard.As("billing"), exclusive: true);

        await EndAsync(node, "after");
        await HeardAsync(1);

        heard.Ids.Should().Equal(new StreamId("after"));
    }

    [Fact]
    public async Task A_handler_that_throws_is_tried_again_later_and_later_and_says_so()
    {
        heard.Fails = true;
        await using var node = await StartAsync("a", heard.As("billing"));
        await EndAsync(node, "first");
        await EndAsync(node, "second");
        await AdvanceUntilAsync("it was tried three times", () => heard.Tries == 3);

        node.Engine.HandlerProblem.Should().Contain("billing").And.Contain("first").And.Contain("InvalidOperationException").And.NotContain("secret");
        var began = time.GetUtcNow();
        await AdvanceUntilAsync("it was tried a fourth time", () => heard.Tries == 4);
        (time.GetUtcNow() - began).Should().BeCloseTo(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1));
        heard.Fails = false;
        await AdvanceUntilAsync("both were handled", () => heard.Ids.Count == 2);

        heard.Ids.Select(id => id.Value).Should().Equal("first", "second");
        node.Engine.HandlerProblem.Should().BeNull();
    }

    [Fact]
    public async Task A_handler_that_fails_or_hangs_holds_up_no_other()
    {
        var (fails, hangs) = (new Heard { Fails = true }, new Heard { Hangs = true });
        await using var node = await StartAsync("a", [.. heard.As("good"), .. fails.As("fails"), .. hangs.As("hangs")]);

        for (var i = 0; i < 5; i++) await EndAsync(node, $"s{i}");
        await HeardAsync(5);

        fails.Ids.Should().BeEmpty();
        hangs.Ids.Should().BeEmpty();
        hangs.Hangs = false;
    }

    [Fact]
    public async Task Of_two_nodes_one_tells_and_the_other_takes_over_when_that_stops()
    {
        var (one, two) = (new Heard(), new Heard());
        await using var a = await StartAsync("a", one.As("billing"));
        await using var b = await StartAsync("b", two.As("billing"));
        for (var i = 0; i < 5; i++) await EndAsync(i % 2 == 0 ? a : b, $"s{i}");
        await Eventually.UntilAsync("the first node has told all", () => one.Ids.Count == 5);
        two.Ids.Should().BeEmpty();

        await StopAsync(a);
        for (var i = 5; i < 10; i++) await EndAsync(b, $"s{i}");
        await AdvanceUntilAsync("the second node has told the rest", () => two.Ids.Count == 5);

        one.Ids.Concat(two.Ids).Select(id => id.Value).Should().Equal(Enumerable.Range(0, 10).Select(i => $"s{i}"));
    }

    [Fact]
    public async Task A_node_that_dies_is_followed_by_another_once_its_heartbeats_have_stopped()
    {
        var (one, two) = (new Heard(), new Heard());
        var a = await StartAsync("a", one.As("billing"));
        await using var b = await StartAsync("b", two.As("billing"));
        await EndAsync(a, "first");
        await Eventually.UntilAsync("the first node has told it", () => one.Ids.Count == 1);
        await time.AdvanceUntilAsync(
            "its last heartbeat is of now", async () => (await b.Log.ReadHeartbeatAsync("a", default))!.Heartbeat.At == time.GetUtcNow());
        await a.DisposeAsync();
        var died = time.GetUtcNow();

        await EndAsync(b, "second");
        await AdvanceUntilAsync("the second node tells", () => two.Ids.Count > 0 && two.Ids[^1].Value == "second");

        (time.GetUtcNow() - died).Should().BeGreaterThan(TimeSpan.FromSeconds(36)).And.BeLessThan(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task What_is_deleted_while_it_runs_has_ended_too()
    {
        await using var node = await StartAsync("a", heard.As("billing"));
        var id = await node.CreateAsync("s");
        await node.DriveAsync(id);
        await source.For(id).Begun;

        // Heard of, it stands behind the beginning of the other in the log, which the delivery has then seen.
        var behind = await EndAsync(node, "behind");
        await HeardAsync(1);
        heard.All[0].Id.Should().Be(behind);
        await node.Engine.Endings.DeleteAsync(id, null, Caller.Anonymous, default);

        await HeardAsync(2);

        heard.All[1].Id.Should().Be(id);
        heard.All[1].Status.Should().BeOneOf(StreamStatus.Cancelled, StreamStatus.Deleted);
    }

    [Fact]
    public async Task A_checkpoint_that_the_log_does_not_answer_for_is_kept_and_nothing_is_told_twice()
    {
        await using (var node = await StartAsync("a", heard.As("billing")))
        {
            await EndAsync(node, "first");
            await HeardAsync(1);
            var notes = 0;
            node.Faults.OnAppend = (stream, _) =>
            {
                // A doubtful append is followed by a heartbeat, before anything else.
                if (stream == "text.node-a" && notes == 1) node.Faults.ComeBack();
                if (stream == "text.ended-billing" && Interlocked.Increment(ref notes) == 1) node.Faults.LoseAnswers();
            };
            await EndAsync(node, "second");
            await AdvanceUntilAsync("it was noted once more", () => notes == 2);
            await StopAsync(node);
        }

        await using var again = await StartAsync("b", heard.As("billing"));
        await EndAsync(again, "third");
        await AdvanceUntilAsync("it has heard of the third", () => heard.Ids.Count >= 3);

        heard.Ids.Select(id => id.Value).Should().Equal("first", "second", "third");
    }

    private Task<EngineNode> StartAsync(string name, IReadOnlyCollection<EndedHandler>? handlers = null, bool exclusive = false) =>
        EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], name, handlers: handlers, exclusive: exclusive);

    private async Task<StreamId> EndAsync(EngineNode node, string name, Action<ScriptedSource.Script>? end = null)
    {
        var id = await node.CreateAsync(name);
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("Said.");
        (end ?? (script => script.End()))(source.For(id));
        await driver.End;
        return id;
    }

    /// <summary>By a clock that stands: past its limit a stop notes no more how far a handler has come.</summary>
    private static Task StopAsync(EngineNode node) => node.Engine.StopAsync(default).WaitAsync(Eventually.Limit);

    private Task HeardAsync(int count) => Eventually.UntilAsync($"{count} endings were handled", () => heard.Ids.Count == count);

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => time.AdvanceUntilAsync(what, condition);

    /// <summary>What a handler was told, in order.</summary>
    private sealed class Heard
    {
        private readonly ConcurrentQueue<StreamSummary> all = new();
        private int tries;

        public bool Fails { get; set; }

        public bool Hangs { get; set; }

        public int Tries => Volatile.Read(ref tries);

        public IReadOnlyList<StreamSummary> All => [.. all];

        public IReadOnlyList<StreamId> Ids => [.. all.Select(stream => stream.Id)];

        public IReadOnlyCollection<EndedHandler> As(string name) => [new(name, HandleAsync)];

        private async Task HandleAsync(StreamSummary stream, CancellationToken ct)
        {
            Interlocked.Increment(ref tries);
            if (Fails) throw new InvalidOperationException("a secret");
            if (Hangs) await Task.Delay(Timeout.Infinite, ct);
            all.Enqueue(stream);
        }
    }
}
