using System.Collections.Concurrent;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Appends that come alone, which are committed on their callers' threads, and answers to many at
/// once.</summary>
public sealed class LentTurnTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_append_that_comes_alone_is_durable_when_the_call_returns()
    {
        await using var log = await OpenLendingAsync();

        var append = await OnPoolAsync(() => log.AppendAsync("text-a", ExpectedRevision.NoStream, Event("0")));

        append.IsCompleted.Should().BeTrue();
        (await append).Should().BeOfType<AppendOutcome.Appended>();
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        database.Number("SELECT head FROM streams WHERE name = 'text-a'").Should().Be(0);
    }

    [Fact]
    public async Task A_conflict_and_a_repeat_are_told_on_the_callers_thread_as_on_the_writers()
    {
        await using var log = await OpenLendingAsync();
        var first = Event("0");
        await await OnPoolAsync(() => log.AppendAsync("text-a", ExpectedRevision.NoStream, first));

        var repeat = await await OnPoolAsync(() => log.AppendAsync("text-a", ExpectedRevision.NoStream, first));
        var lost = await await OnPoolAsync(() => log.AppendAsync("text-a", ExpectedRevision.NoStream, Event("1")));

        repeat.Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(0);
        lost.Should().BeOfType<AppendOutcome.Lost>().Which.Next!.Id.Should().Be(first.Id);
    }

    [Fact]
    public async Task An_append_that_would_have_to_wait_for_another_connection_waits_on_the_writers_thread()
    {
        await using var log = await OpenLendingAsync();
        Task<AppendOutcome> append;
        using (var other = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN IMMEDIATE");
            append = await OnPoolAsync(() => log.AppendAsync("text-a", ExpectedRevision.NoStream, Event("0")));
            append.IsCompleted.Should().BeFalse();
            other.Execute("ROLLBACK");
        }

        (await append).Should().BeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task A_commit_that_fails_on_a_callers_thread_is_done_again_on_the_writers()
    {
        var threads = new ConcurrentQueue<string?>();
        var isArmed = false;
        await using var log = await OpenLendingAsync(() =>
        {
            if (!Volatile.Read(ref isArmed)) return;
            threads.Enqueue(Thread.CurrentThread.Name);
            if (threads.Count == 1) throw new IOException("The answer was lost.");
        });
        Volatile.Write(ref isArmed, true);

        var append = await OnPoolAsync(() => log.AppendAsync("text-a", ExpectedRevision.NoStream, Event("0")));

        (await append).Should().BeOfType<AppendOutcome.Appended>();
        threads.Should().HaveCount(2).And.HaveElementAt(1, "log writer");
        threads.First().Should().NotBe("log writer");
    }

    [Fact]
    public async Task A_caller_that_waits_for_the_others_of_its_commit_keeps_no_answer_back()
    {
        await using var log = await OpenLendingAsync();
        using var other = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        other.Execute("BEGIN IMMEDIATE");
        var appends = await OnPoolAsync(() => Enumerable.Range(0, 8)
            .Select(i => log.AppendAsync($"text-{i}", ExpectedRevision.NoStream, Event("0"))).ToArray());
        var waits = appends[0].ContinueWith(
            _ => Task.WaitAll(appends), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        other.Execute("ROLLBACK");

        await waits.WaitAsync(Eventually.Limit);
        (await Task.WhenAll(appends)).Should().AllBeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task A_turn_that_is_lent_is_the_writers_again_only_when_it_is_given_back()
    {
        using var queue = new WriteQueue(8);
        var taken = new List<WriteRequest>();
        queue.TryBorrow().Should().BeFalse("the writer is not there yet");
        var taking = Task.Factory.StartNew(() => queue.Take(taken, 8, 8, wait: true), TaskCreationOptions.LongRunning);
        await Eventually.UntilAsync("the writer has nothing to do", queue.TryBorrow);

        queue.TryBorrow().Should().BeFalse("it is lent already");
        await queue.EnqueueAsync(new Request(1), default);
        taking.IsCompleted.Should().BeFalse();
        queue.Return(rouse: false);

        (await taking.WaitAsync(Eventually.Limit)).Should().BeTrue();
        taken.Should().ContainSingle();
    }

    [Fact]
    public async Task What_joins_a_commit_keeps_within_its_bounds()
    {
        using var queue = new WriteQueue(8);
        var more = new List<WriteRequest>();
        foreach (var bytes in new[] { 4, 4, 100, 1 }) await queue.EnqueueAsync(new Request(bytes), default);

        queue.TakeMore(more, maxCount: 1, maxBytes: 100);
        queue.TakeMore(more, maxCount: 8, maxBytes: 50);

        more.Select(request => request.Bytes).Should().Equal(4, 4);
        queue.Count.Should().Be(2);
    }

    private async Task<SqliteEventStore> OpenLendingAsync(Action? committed = null)
    {
        var log = await folder.OpenAsync(with: o => o with
        {
            QuickCommit = TimeSpan.FromMinutes(1),
            BusyTimeout = TimeSpan.FromMinutes(1),
            IdleAfter = TimeSpan.FromMinutes(10),                                // no turn is lent during a checkpoint
            Committed = committed,
        });
        await Eventually.UntilAsync("the writer's thread has done what it finds at the start", async () =>
            (await OnPoolAsync(() => log.AppendAsync("other", ExpectedRevision.Any, Event("x")))) is { IsCompleted: true });
        return log;
    }

    /// <summary>Without this test's context: only threads that are the pool's own lend themselves.</summary>
    private static Task<T> OnPoolAsync<T>(Func<T> act) => Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private sealed class Request(int bytes) : WriteRequest("text-a", bytes, CancellationToken.None)
    {
        public override void Apply(WriteConnection connection) { }

        public override void Complete() { }

        public override void Fail(string why, Exception cause) { }

        public override void Refuse(LogDamagedException damage) { }

        public override void Abandon() { }
    }
}
