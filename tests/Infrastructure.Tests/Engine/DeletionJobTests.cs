using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>All streams of one label are deleted by a job that outlives the node that began it.</summary>
public sealed class DeletionJobTests : IAsyncLifetime
{
    private static readonly Labels Ann = Labels.From([new("user", "ann")]);
    private static readonly Labels Bob = Labels.From([new("user", "bob")]);

    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private InMemoryStore store = null!;

    public Task InitializeAsync()
    {
        store = new InMemoryStore(time);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task All_streams_of_a_label_go_with_the_askers_name_and_no_others()
    {
        await using var node = await StartAsync("a");
        var hers = await CreateAsync(node, 70, Ann);
        var bobs = await CreateAsync(node, 3, Bob);

        var end = await DoneAsync(node, await BeginAsync(node, Ann));

        (end.Total, end.Done, end.Failed, end.Ended).Should().Be((70, 70, 0, true));
        end.By.Should().Be("ada");
        foreach (var id in hers) await Gone(node, id);
        foreach (var id in bobs) (await node.BodyAsync(id)).Summary.Status.Should().Be(StreamStatus.Pending);
        var tombstone = (await new InMemoryEventStore(store).FollowAllAsync(LogPosition.Start, new StoreFilter(["text-"], []), default)
            .TakeWhile(stored => stored is not null).Where(stored => stored!.IsTombstone).ToListAsync())[0]!;
        TombstoneMetadata.TryRead(tombstone.Metadata)!.By.Should().Be("ada");
    }

    [Fact]
    public async Task A_stream_that_runs_is_cancelled_and_its_driver_is_told()
    {
        await using var node = await StartAsync("a");
        var id = (await CreateAsync(node, 1, Ann))[0];
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("Half a sen");

        var end = await DoneAsync(node, await BeginAsync(node, Ann));

        (end.Done, end.Failed).Should().Be((1, 0));
        (await driver.End)!.Status.Should().Be(StreamStatus.Cancelled);
        source.For(id).Token.IsCancellationRequested.Should().BeTrue();
        await Gone(node, id);
    }

    [Fact]
    public async Task What_is_asked_for_twice_is_done_once_and_both_say_so()
    {
        await using var node = await StartAsync("a");
        await CreateAsync(node, 40, Ann);

        var (one, two) = (await BeginAsync(node, Ann), await BeginAsync(node, Ann));

        (await DoneAsync(node, one)).Should().Match<ServiceEvent.JobProgressed>(end => end.Ended && end.Failed == 0);
        (await DoneAsync(node, two)).Should().Match<ServiceEvent.JobProgressed>(end => end.Ended && end.Failed == 0);
    }

    [Fact]
    public async Task A_label_that_no_stream_has_is_done_at_once()
    {
        await using var node = await StartAsync("a");

        var end = await DoneAsync(node, await BeginAsync(node, Ann));

        (end.Total, end.Done, end.Failed).Should().Be((0, 0, 0));
    }

    [Fact]
    public async Task A_process_that_dies_in_the_middle_is_followed_by_its_next_run_and_the_numbers_are_right()
    {
        string job;
        StreamId[] hers;
        await using (var node = await StartAsync("a", exclusive: true))
        {
            hers = await CreateAsync(node, 300, Ann);
            var deleted = 0;
            node.Faults.OnAppend = (_, events) =>
            {
                if (events.Any(e => e.Type == "StreamDeleted") && Interlocked.Increment(ref deleted) == 100) node.Faults.GoAway();
            };
            job = await BeginAsync(node, Ann, total: 300);
            await AdvanceUntilAsync("the log is gone in the middle", () => deleted >= 100);
        }

        await using var again = await StartAsync("a", exclusive: true);
        (await again.Engine.Jobs.FindAsync(job, default))!.Progress.Ended.Should().BeFalse();
        var end = await DoneAsync(again, job);

        (end.Total, end.Done, end.Failed).Should().Be((300, 300, 0));
        foreach (var id in hers) await Gone(again, id);
    }

    [Fact]
    public async Task Another_node_goes_on_once_the_heartbeats_of_the_one_that_died_have_stopped()
    {
        var a = await StartAsync("a");
        await using var b = await StartAsync("b");
        await CreateAsync(a, 60, Ann);
        var deleted = 0;
        a.Faults.OnAppend = (_, events) =>
        {
            if (events.Any(e => e.Type == "StreamDeleted") && Interlocked.Increment(ref deleted) == 20) a.Faults.GoAway();
        };
        var job = await BeginAsync(a, Ann, total: 60);
        await AdvanceUntilAsync("the first node is in the middle", () => deleted >= 20);
        var held = (await b.Engine.Jobs.FindAsync(job, default))!.Progress;
        held.Holder.Should().Be(a.Self);
        await a.DisposeAsync();

        var end = await DoneAsync(b, job);

        end.Holder.Should().Be(b.Self);
        (end.Total, end.Done, end.Failed).Should().Be((60, 60, 0));
    }

    [Fact]
    public async Task A_stop_leaves_the_rest_to_another_node_at_once()
    {
        var a = await StartAsync("a");
        await using var b = await StartAsync("b");
        await CreateAsync(a, 60, Ann);
        var deleted = 0;
        a.Faults.OnAppend = (_, events) =>
        {
            if (!events.Any(e => e.Type == "StreamDeleted")) return;
            Interlocked.Increment(ref deleted);
            a.Faults.AppendDelay = TimeSpan.FromSeconds(1);
        };
        var job = await BeginAsync(a, Ann, total: 60);
        await AdvanceUntilAsync("the first node has begun", () => deleted > 0);

        var stopping = a.Engine.StopAsync(default);
        await AdvanceUntilAsync("it has stopped", () => stopping.IsCompleted);
        await a.DisposeAsync();
        var stopped = time.GetUtcNow();
        var end = await DoneAsync(b, job);

        (end.Total, end.Done, end.Failed).Should().Be((60, 60, 0));
        (time.GetUtcNow() - stopped).Should().BeLessThan(TimeSpan.FromSeconds(30), "its last word gives the job away");
    }

    [Fact]
    public async Task While_the_log_is_away_the_job_waits_and_goes_on_when_it_is_back()
    {
        await using var node = await StartAsync("a");
        await CreateAsync(node, 40, Ann);
        var deleted = 0;
        node.Faults.OnAppend = (_, events) =>
        {
            if (events.Any(e => e.Type == "StreamDeleted") && Interlocked.Increment(ref deleted) == 10) node.Faults.GoAway();
        };
        var job = await BeginAsync(node, Ann);
        await AdvanceUntilAsync("the log is gone", () => deleted >= 10);
        var left = time.GetUtcNow();
        await AdvanceUntilAsync("a minute has passed", () => time.GetUtcNow() - left > TimeSpan.FromMinutes(1));
        node.Faults.OnAppend = null;
        node.Faults.ComeBack();

        var end = await DoneAsync(node, job);

        (end.Total, end.Done, end.Failed).Should().Be((40, 40, 0));
    }

    [Fact]
    public async Task What_another_program_has_written_into_is_counted_and_named_and_the_rest_goes()
    {
        await using var node = await StartAsync("a");
        var hers = await CreateAsync(node, 5, Ann);
        await new InMemoryEventStore(store).AppendAsync(
            $"text-{hers[2]}", ExpectedRevision.Any, [new NewEvent(new EventId(Guid.NewGuid()), "SomebodyElses", "application/json", "{}"u8.ToArray(), default)], default);

        var end = await DoneAsync(node, await BeginAsync(node, Ann));

        (end.Total, end.Done, end.Failed).Should().Be((5, 4, 1));
        end.Failures.Should().Equal($"foreign-event {hers[2]}");
    }

    [Fact]
    public async Task A_stream_that_is_created_while_the_job_runs_goes_too()
    {
        await using var node = await StartAsync("a");
        await CreateAsync(node, 40, Ann);
        var late = new StreamId("late");
        Task created = Task.CompletedTask;
        var deleted = 0;
        node.Faults.OnAppend = (_, events) =>
        {
            if (events.Any(e => e.Type == "StreamDeleted") && Interlocked.Increment(ref deleted) == 5) created = node.CreateAsync("late", labels: Ann);
        };

        var end = await DoneAsync(node, await BeginAsync(node, Ann));
        await created;

        (end.Total, end.Done, end.Failed).Should().Be((41, 41, 0));
        await Gone(node, late);
    }

    [Fact]
    public async Task Nothing_is_kept_of_a_job_that_is_done()
    {
        await using var node = await StartAsync("a");
        for (var i = 0; i < 5; i++) await DoneAsync(node, await BeginAsync(node, Ann));

        await AdvanceUntilAsync("none is looked after any more", () =>
        {
            node.Engine.Jobs.Look();
            return node.Engine.Jobs.Running == 0;
        });
    }

    private static async Task Gone(EngineNode node, StreamId id) =>
        await node.Engine.Awaiting(engine => engine.Summaries.FindAsync(id, default)).Should().ThrowAsync<StreamGoneException>();

    private Task<EngineNode> StartAsync(string name, bool exclusive = false) =>
        EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], name, exclusive: exclusive);

    private static async Task<StreamId[]> CreateAsync(EngineNode node, int count, Labels labels)
    {
        var name = labels.First().Value;
        var all = new List<StreamId>();
        for (var i = 0; i < count; i++) all.Add(await node.CreateAsync($"{name}-{i}", labels: labels));
        return [.. all];
    }

    private static async Task<string> BeginAsync(EngineNode node, Labels labels, long total = 0) =>
        (await node.Engine.Jobs.BeginAsync(JobKind.Delete, labels, Names.None, new Caller("ada"), total, default)).Progress.Job;

    private async Task<ServiceEvent.JobProgressed> DoneAsync(EngineNode node, string job)
    {
        ServiceEvent.JobProgressed? last = null;
        await Eventually.UntilAsync("the job is done", async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            last = (await node.Engine.Jobs.FindAsync(job, default))?.Progress;
            return last is { Ended: true };
        });
        return last!;
    }

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        time.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    });
}
