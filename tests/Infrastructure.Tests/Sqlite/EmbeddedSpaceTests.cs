using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>What the log takes on the disk, and gives back.</summary>
public sealed class EmbeddedSpaceTests : IDisposable
{
    private const int Megabyte = 1 << 20;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Deleting_gives_the_space_back_and_keeps_the_tombstone()
    {
        await using var log = await OpenAsync();
        await FillAsync(log, "text-a", 8);
        await log.AppendedAsync("text-b", ExpectedRevision.NoStream, Event("stays"));
        await Eventually.UntilAsync("the file has grown", () => Size(folder.Database) > 8 * Megabyte);

        await TombstoneAsync(log, "text-a");

        await Eventually.UntilAsync("the file has shrunk", () => Size(folder.Database) < Megabyte / 4);
        (await log.ReadAsync("text-a")).Should().BeOfType<StoreRead.Tombstoned>();
        (await log.ReadAllAsync("text-b")).Should().ContainSingle();
    }

    [Fact]
    public async Task A_deletion_cut_short_goes_on_after_a_restart()
    {
        await using (var log = await OpenAsync())
        {
            await FillAsync(log, "text-a", 8);
            await TombstoneAsync(log, "text-a");
        }

        await using var again = await OpenAsync();
        (await again.ReadAsync("text-a")).Should().BeOfType<StoreRead.Tombstoned>();
        await Eventually.UntilAsync("the file has shrunk", () => Size(folder.Database) < Megabyte / 4);
    }

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_under_load_with_readers_and_goes_when_idle()
    {
        await using var log = await OpenAsync();
        const int Piece = 10_000;
        long largest = 0, written = 0;
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await log.ReadAsync("text-0", 0, true, 100);
        })).ToArray();

        // A reader that a busy machine leaves asleep holds the write-ahead log up; how often that is, is the machine's.
        // That it begins anew is ours.
        bool IsBounded() => Volatile.Read(ref written) is var all && all >= 24 * Megabyte && all >= 3 * Volatile.Read(ref largest);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var n = 0; !IsBounded() && Volatile.Read(ref written) < 512 * Megabyte; n++)
            {
                await log.AppendedAsync($"text-{i}", After(n - 1), Event(new string('x', Piece)));
                Interlocked.Add(ref written, Piece);
                Interlocked.Exchange(ref largest, Math.Max(Volatile.Read(ref largest), folder.WalBytes));
            }
        })));
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        IsBounded().Should().BeTrue($"{written} bytes were written through it, and it grew to {largest}");
        await Eventually.UntilAsync("the write-ahead log is empty", () => folder.WalBytes == 0);
    }

    [Fact]
    public async Task A_backup_is_a_log_of_its_own_and_overwrites_nothing()
    {
        using var elsewhere = new TemporaryFolder();
        await using var log = await OpenAsync();
        await FillAsync(log, "text-a", 1);

        folder.BackUp(elsewhere.Database);
        await log.AppendedAsync("text-a", After(15), Event("later"));

        await using (var copy = await elsewhere.OpenAsync())
        {
            (await copy.ReadAllAsync("text-a")).Should().HaveCount(16);
            await copy.AppendedAsync("text-a", After(15), Event("other"));
        }

        folder.Invoking(f => f.BackUp(elsewhere.Database)).Should().Throw<DatabaseException>().WithMessage("*exists*");
        (await log.ReadAllAsync("text-a")).Should().HaveCount(17);
    }

    private static long Size(string file) => new FileInfo(file).Length;

    private static Task<AppendOutcome> TombstoneAsync(SqliteEventStore log, string stream) =>
        log.TombstoneAsync(stream, ExpectedRevision.Any, new Domain.EventId(Guid.NewGuid()), "{}"u8.ToArray(), CancellationToken.None);

    private static async Task FillAsync(SqliteEventStore log, string stream, int megabytes)
    {
        for (var i = 0; i < megabytes * 16; i++)
            await log.AppendedAsync(stream, After(i - 1), Event(new string('x', Megabyte / 16)));
    }

    private Task<SqliteEventStore> OpenAsync() => folder.OpenAsync(with: o => o with
    {
        CheckpointBytes = 256 << 10,
        MaxWalBytes = Megabyte,
        IdleAfter = TimeSpan.FromMilliseconds(20),
    });
}
