using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Every request is answered, and with what was done.</summary>
public sealed class StoreWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_refused_as_damage_is_not_committed_and_the_rest_of_its_commit_is()
    {
        await using var log = await folder.OpenAsync(with: o => o with { BusyTimeout = TimeSpan.FromMinutes(1) });
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        (await log.DeleteAsync("text-a", ExpectedRevision.Any, default)).Should().BeOfType<AppendOutcome.Appended>();
        Task<AppendOutcome> first, damaged, other;
        using (var writer = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
        {
            // Beginning the stream anew writes its events, and then finds that its metadata are not what they were.
            writer.Execute("UPDATE streams SET head = 7 WHERE name = '$$text-a'");
            writer.Execute("BEGIN IMMEDIATE");
            first = log.AppendAsync("text-b", ExpectedRevision.NoStream, Event("0"));
            await Eventually.UntilAsync("the writer has begun the first append", () => log.Queued == 0);
            damaged = log.AppendAsync("text-a", ExpectedRevision.Any, Event("refused"));
            other = log.AppendAsync("text-c", ExpectedRevision.NoStream, Event("0"));
            writer.Execute("ROLLBACK");
        }

        await damaged.Awaiting(d => d).Should().ThrowAsync<LogDamagedException>();
        (await first).Should().BeOfType<AppendOutcome.Appended>();
        (await other).Should().BeOfType<AppendOutcome.Appended>();
        log.CanWrite.Should().BeTrue();
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        database.Number("SELECT count(*) FROM log WHERE stream = (SELECT id FROM streams WHERE name = 'text-a')").Should().Be(2);
        database.Number("SELECT head FROM streams WHERE name = 'text-a'").Should().Be(1);
    }

    [Fact]
    public async Task A_request_whose_caller_leaves_at_any_moment_is_answered()
    {
        await (await folder.OpenAsync()).DisposeAsync();
        using var writer = new StoreWriter(
            folder.Database, folder.Options, TimeProvider.System, NullLogger.Instance, new Followers(folder.Options));
        var request = new LeftBetweenTwoLooks();

        await writer.EnqueueAsync(request, default);

        await request.Answered.Task.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_failed_commit_of_which_no_line_can_be_written_is_a_failed_commit_alone()
    {
        await (await folder.OpenAsync()).DisposeAsync();
        var losses = 2;
        var options = folder.Options with
        {
            Committed = () =>
            {
                if (losses-- > 0) throw new IOException("The answer was lost.");
            },
        };
        await using var log = await SqliteEventStore.OpenAsync(options, TimeProvider.System, new FullDiskLogger(), default);

        (await log.AppendAsync("text-a", ExpectedRevision.NoStream, Event("0"))).Should().BeOfType<AppendOutcome.Unknown>();
        (await log.AppendAsync("text-b", ExpectedRevision.NoStream, Event("0"))).Should().BeOfType<AppendOutcome.Appended>();
    }

    /// <summary>Its caller leaves just after it was looked for.</summary>
    private sealed class LeftBetweenTwoLooks() : WriteRequest("text-a", 0, CancellationToken.None)
    {
        private int looks;

        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool IsAbandoned => ++looks > 1;

        public override void Apply(WriteConnection connection) { }

        public override void Complete() => Answered.TrySetResult();

        public override void Fail(string why, Exception cause) => Answered.TrySetException(cause);

        public override void Refuse(LogDamagedException damage) => Answered.TrySetException(damage);

        public override void Abandon() => Answered.TrySetResult();
    }
}
