using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

public sealed class CheckpointTroubleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private volatile int failures;
    private Exception fault = new DatabaseException(SQLitePCL.raw.SQLITE_IOERR, "disk I/O error");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_checkpoint_that_keeps_failing_is_told_until_one_succeeds()
    {
        failures = int.MaxValue;
        await using var log = await OpenAsync();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));

        await Eventually.UntilAsync("it is told", () => log.Problem is not null);
        log.Problem.Should().Contain("disk I/O error").And.Contain("log.db-wal").And.Contain("See to the disk").And.NotContain(folder.Path);
        (await log.AppendedAsync("text-a", After(0), Event("1"))).Last.Should().Be(1, "what is saved is saved");

        failures = 0;
        await Eventually.UntilAsync("it is told no more", () => log.Problem is null);
        await Eventually.UntilAsync("the write-ahead log is emptied", () => folder.WalBytes == 0);
        (await log.ReadAllAsync("text-a")).Should().HaveCount(2);
    }

    [Fact]
    public async Task One_that_fails_now_and_then_is_no_trouble()
    {
        failures = 2;
        await using var log = await OpenAsync();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));

        await Eventually.UntilAsync("the write-ahead log is emptied", () =>
        {
            log.Problem.Should().BeNull();
            return folder.WalBytes == 0;
        });
    }

    [Fact]
    public async Task Whatever_a_checkpoint_dies_of_the_next_is_tried()
    {
        (failures, fault) = (5, new InvalidOperationException("Something else."));
        await using var log = await OpenAsync();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));

        await Eventually.UntilAsync("the write-ahead log is emptied", () => folder.WalBytes == 0);
        failures.Should().Be(0);
    }

    private Task<SqliteEventStore> OpenAsync() => folder.OpenAsync(with: options => options with
    {
        IdleAfter = TimeSpan.FromMilliseconds(20),
        Checkpointing = () =>
        {
            // At once: the test may set it meanwhile.
            if (failures > 0 && Interlocked.Decrement(ref failures) >= 0) throw fault;
        },
    });
}
