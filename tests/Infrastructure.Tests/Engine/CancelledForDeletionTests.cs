using System.Collections.Concurrent;
using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>Deletions that died between the cancellation of a running stream and <c>StreamDeleted</c>.</summary>
public abstract class CancelledForDeletionTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = StreamEndings.DeletionLimit;

    private readonly ScriptedSource source = new();
    private readonly Troubles troubles = new();
    private readonly ConcurrentQueue<string> deletions = new();
    private FaultyEventStore store = null!;

    protected ManualTime Time { get; } = new();

    public async Task InitializeAsync() => store = new FaultyEventStore(await OpenAsync(), TimeProvider.System) { OnAppend = Note };

    public async Task DisposeAsync() => await store.DisposeAsync();

    private protected abstract Task<IEventStore> OpenAsync();

    [Theory]
    [InlineData("The stream was deleted.", null)]
    [InlineData("in other words", "f81d4fae-7dec-11d0-a765-00a0fffffffe")]
    public async Task It_is_finished_by_a_fleet_once_its_asker_has_had_time_in_the_askers_name(string reason, string? causation)
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b");
        var id = await CancelledAsync(a, reason, causation);
        await Eventually.UntilAsync("both know of it", async () => await IsDueAsync(a) && await IsDueAsync(b));
        var known = Time.GetUtcNow();

        await AdvanceUntilAsync("it is gone", () => IsGoneAsync(a, id));

        (Time.GetUtcNow() - known).Should().BeGreaterThan(Grace).And.BeLessThan(TimeSpan.FromMinutes(1));
        deletions.Should().NotBeEmpty().And.AllSatisfy(deleted => deleted.Should().Contain("\"by\":\"ann\"").And.Contain("\"actor\":\"ann\""));
        await AdvanceUntilAsync("no node looks at it any more", async () => !await IsDueAsync(a) && !await IsDueAsync(b));
        troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task On_an_exclusive_log_it_is_finished_at_once_when_the_next_process_starts()
    {
        StreamId id;
        await using (var dying = await StartAsync("a", exclusive: true))
        {
            id = await dying.CreateAsync("s");
            await dying.DriveAsync(id);
            await source.For(id).SayAsync("A sentence. ");
            dying.Faults.OnAppend = (_, events) =>
            {
                if (events[0].Type == StoredTypes.StreamDeleted) throw new InvalidOperationException("The process dies here.");
            };
            var deleting = () => dying.Engine.Endings.DeleteAsync(id, null, new Caller("ann"), default);
            await deleting.Should().ThrowAsync<InvalidOperationException>();
            (await dying.EventsAsync(id))[^1].Event.Should().BeOfType<StreamEvent.StreamCancelled>();
        }

        var died = Time.GetUtcNow();
        await using var next = await StartAsync("a", exclusive: true);

        await AdvanceUntilAsync("it is gone", () => IsGoneAsync(next, id));

        (Time.GetUtcNow() - died).Should().BeLessThan(TimeSpan.FromSeconds(10));
        deletions.Should().ContainSingle().Which.Should().Contain("\"by\":\"ann\"");
    }

    [Fact]
    public async Task On_a_fleet_another_node_finishes_what_a_killed_one_began()
    {
        await using var b = await StartAsync("b");
        var a = await StartAsync("a");
        var id = await a.CreateAsync("s");
        await a.DriveAsync(id);
        await source.For(id).SayAsync("A sentence. ");
        a.Faults.OnAppend = (_, events) =>
        {
            if (events[0].Type == StoredTypes.StreamDeleted) throw new InvalidOperationException("The process dies here.");
        };
        var deleting = () => a.Engine.Endings.DeleteAsync(id, null, new Caller("ann"), default);
        await deleting.Should().ThrowAsync<InvalidOperationException>();
        await a.DisposeAsync();

        await AdvanceUntilAsync("it is gone", () => IsGoneAsync(b, id));

        deletions.Should().ContainSingle().Which.Should().Contain("\"by\":\"ann\"");
        troubles.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deletion_that_is_slower_than_that_loses_the_race_and_is_told_what_it_asked_for(bool removed)
    {
        var frozen = new ManualTime();
        await using var a = await StartAsync("a", clock: frozen);
        await using var b = await StartAsync("b");
        var id = await a.CreateAsync("s");
        await a.DriveAsync(id);
        await source.For(id).SayAsync("A sentence. ");
        using var wake = new ManualResetEventSlim();
        a.Faults.OnAppend = (_, events) =>
        {
            if (events[0].Type == StoredTypes.StreamDeleted) wake.Wait(Eventually.Limit);
        };
        if (!removed) b.Faults.OnAppend = (_, events) => { if (events[0].Type == StoredTypes.StreamDeleted) b.Faults.GoAway(); };
        var deleting = Task.Run(() => a.Engine.Endings.DeleteAsync(id, null, new Caller("ann"), default));

        await AdvanceUntilAsync("the other node has deleted it", async () =>
            await IsGoneAsync(a, id) || (!removed && await a.Log.ReadLastAsync(id, default) is { Event: StreamEvent.StreamDeleted }));
        wake.Set();
        await Eventually.UntilAsync("the slow one is done", () => { frozen.Advance(TimeSpan.FromMilliseconds(5)); return deleting.IsCompleted; });
        b.Faults.ComeBack();

        (await deleting).Should().Be(new EndResult.Ended(StreamStatus.Cancelled));
        (await IsGoneAsync(a, id)).Should().BeTrue();
        deletions.Count(deleted => deleted.Contains("{\"node\":\"b\"", StringComparison.Ordinal)).Should().Be(1);
        troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task A_deletion_that_runs_here_is_left_to_itself()
    {
        await using var node = await StartAsync("a", exclusive: true);
        var id = await node.CreateAsync("s");
        await node.DriveAsync(id);
        await source.For(id).SayAsync("A sentence. ");
        using var wake = new ManualResetEventSlim();
        var tried = new ConcurrentDictionary<Domain.EventId, bool>();
        node.Faults.OnAppend = (_, events) =>
        {
            if (events[0].Type == StoredTypes.StreamDeleted && tried.TryAdd(events[0].Id, true)) wake.Wait(Eventually.Limit);
        };
        var deleting = Task.Run(() => node.Engine.Endings.DeleteAsync(id, null, new Caller("ann"), default));
        await Eventually.UntilAsync("it is listed", () => IsDueAsync(node));
        var known = Time.GetUtcNow();
        await AdvanceUntilAsync("it has been swept", () => Task.FromResult(Time.GetUtcNow() - known > TimeSpan.FromSeconds(12)));

        wake.Set();
        await AdvanceUntilAsync("the deletion is done", () => Task.FromResult(deleting.IsCompleted));

        (await deleting).Should().Be(new EndResult.Ended(StreamStatus.Cancelled));
        tried.Should().ContainSingle();
    }

    [Fact]
    public async Task A_cancel_in_the_words_of_a_deletion_is_none()
    {
        await using var node = await StartAsync("a", exclusive: true);
        var id = await node.CreateAsync("s");
        await node.Engine.Endings.CancelAsync(id, "The stream was deleted.", new Caller("ann"), default);
        var ended = Time.GetUtcNow();

        await AdvanceUntilAsync("it has been swept", () => Task.FromResult(Time.GetUtcNow() - ended > TimeSpan.FromMinutes(1)));

        (await node.EventsAsync(id))[^1].Event.Should().BeOfType<StreamEvent.StreamCancelled>().Which.Reason.Should().Be("The stream was deleted");
    }

    private static async Task<StreamId> CancelledAsync(EngineNode node, string reason, string? causation)
    {
        var id = await node.CreateAsync("s");
        var tails = new StreamTails(node.Log, () => new AppendId(Guid.NewGuid()), node.Engine.Time, node.Self);
        var cancel = new StreamCommand.Cancel("ann", reason, tails.Now) { At = tails.Now, ForDeletion = causation };
        await (await tails.OpenAsync(id, default)).AppendAsync([cancel], tails.ContextFor(new Caller("ann")), default);
        return id;
    }

    private static async Task<bool> IsDueAsync(EngineNode node) =>
        (await node.Engine.Catalog.FindDueAsync(new DueQuery.CancelledForDeletion(), null, 10, default)).Items.Count > 0;

    private static async Task<bool> IsGoneAsync(EngineNode node, StreamId id)
    {
        try
        {
            await node.Log.ReadLastAsync(id, default);
            return false;
        }
        catch (StreamGoneException)
        {
            return true;
        }
    }

    private Task AdvanceUntilAsync(string what, Func<Task<bool>> condition) => Eventually.UntilAsync(what, async () =>
    {
        if (await condition()) return true;
        if (store.Asked == 0) Time.Advance(TimeSpan.FromMilliseconds(100));       // not while the log has yet to answer
        return false;
    });

    private Task<EngineNode> StartAsync(string name, bool exclusive = false, ManualTime? clock = null) =>
        EngineNode.StartAsync(store, clock ?? Time, [source], name, exclusive: exclusive, logger: troubles);

    private void Note(string stream, IReadOnlyList<NewEvent> events)
    {
        if (events[0].Type == StoredTypes.StreamDeleted)
            deletions.Enqueue(Encoding.UTF8.GetString(events[0].Data.Span) + Encoding.UTF8.GetString(events[0].Metadata.Span));
    }

    public sealed class InMemory : CancelledForDeletionTests
    {
        private protected override Task<IEventStore> OpenAsync() => Task.FromResult<IEventStore>(new InMemoryEventStore(new InMemoryStore(Time)));
    }

    public sealed class OnSqlite : CancelledForDeletionTests, IDisposable
    {
        private readonly TempFolder folder = new();

        public void Dispose() => folder.Dispose();

        private protected override async Task<IEventStore> OpenAsync() => await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);
    }

    /// <summary>What was logged as a warning or worse.</summary>
    private sealed class Troubles : ConcurrentQueue<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
