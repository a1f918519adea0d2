using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A transaction of any length on the log in a folder.</summary>
public sealed class EmbeddedImportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Before_its_commit_nothing_of_it_is_there_and_after_it_all()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        await using (var import = await OpenAsync())
        {
            // More than is remembered at once, so that part of it is on the disk long before the end.
            for (var i = 0; i < 20; i++)
                foreach (var stream in new[] { "text-a", "text-b" })
                    Append(import, stream, (stream == "text-a" ? 2 : 0) + (i * 500), 500);

            (await HeadAsync(import.Before, "text-a")).Should().Be(1);
            (await HeadAsync(import.Before, "text-b")).Should().Be(-1);
            import.Commit();
            import.Invoking(i => i.Append("text-c", ExpectedRevision.NoStream, Events(1))).Should().Throw<InvalidOperationException>();
        }

        await using var after = await folder.OpenAsync();
        (await after.ReadAllAsync("text-a")).Select(e => e.Revision).Should().Equal(Enumerable.Range(0, 10_002).Select(i => (long)i));
        (await after.ReadAllAsync("text-b")).Should().HaveCount(10_000);
        (await after.AppendedAsync("text-b", After(9_999), Event("next"))).Last.Should().Be(10_000);
    }

    [Fact]
    public async Task Without_a_commit_the_log_is_as_it_was_and_goes_on()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        await using (var import = await OpenAsync())
        {
            Append(import, "text-a", 2, 9000);
            Append(import, "text-b", 0, 9000);
            import.Tombstone("text-a", new Domain.EventId(Guid.NewGuid()), "{}"u8.ToArray());
        }

        await using var after = await folder.OpenAsync();
        (await after.ReadAllAsync("text-a")).Should().HaveCount(2);
        (await after.ReadAsync("text-b")).Should().BeOfType<StoreRead.Missing>();
        (await after.AppendedAsync("text-b", ExpectedRevision.NoStream, Event("first"))).Last.Should().Be(0);
    }

    [Fact]
    public async Task Repeats_and_conflicts_are_told_as_by_the_log()
    {
        var events = Events(3);
        await using var import = await OpenAsync();

        import.Append("text-a", ExpectedRevision.NoStream, events).Should().BeOfType<AppendOutcome.Appended>();
        import.Append("text-a", ExpectedRevision.NoStream, events).Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(2);
        import.Append("text-a", ExpectedRevision.NoStream, Events(3)).Should().Be(new AppendOutcome.Lost(2));
        import.Tombstone("text-a", new Domain.EventId(Guid.NewGuid()), default);
        import.Append("text-a", After(2), Events(1)).Should().BeOfType<AppendOutcome.Deleted>();
        import.Commit();
    }

    [Fact]
    public async Task A_tombstone_takes_the_events_that_were_there_with_it()
    {
        var secret = Guid.NewGuid().ToString();
        await using (var log = await folder.OpenAsync())
            await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(300, secret));
        await using (var import = await OpenAsync())
        {
            import.Tombstone("text-a", new Domain.EventId(Guid.NewGuid()), default);
            import.Commit();
        }

        (await File.ReadAllBytesAsync(folder.Database)).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(secret)).Should().Be(-1);
        await using var after = await folder.OpenAsync();
        (await after.ReadAsync("text-a")).Should().BeOfType<StoreRead.Tombstoned>();
    }

    [Fact]
    public async Task The_folder_is_taken_for_as_long_and_free_again_afterwards()
    {
        await using (await OpenAsync())
        {
            await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>();
            await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>();
        }

        await using var log = await folder.OpenAsync();
        await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>();
    }

    [RootFact]
    public async Task On_a_full_disk_it_fails_in_words_and_the_log_is_as_it_was()
    {
        using var disk = Mount.SmallDisk(folder.Path, "24m");
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        await using (var import = await OpenAsync())
        {
            var large = new string('x', 100_000);
            import.Invoking(i =>
            {
                for (var n = 0; n < 1000; n++) i.Append("text-b", After(n - 1), [Event(large)]);
                i.Commit();
            }).Should().Throw<IOException>().WithMessage("*full*Nothing has been imported*");
            import.Invoking(i => i.Append("text-c", ExpectedRevision.NoStream, Events(1))).Should().Throw<InvalidOperationException>();
        }

        await using var after = await folder.OpenAsync();
        (await after.ReadAllAsync("text-a")).Should().HaveCount(2);
        (await after.ReadAsync("text-b")).Should().BeOfType<StoreRead.Missing>();
    }

    private Task<SqliteImport> OpenAsync() => SqliteImport.OpenAsync(folder.Options, new ManualTime(), CancellationToken.None);

    private static void Append(SqliteImport import, string stream, int first, int count) =>
        import.Append(stream, After(first - 1), Events(count, new string('x', 500))).Should().BeOfType<AppendOutcome.Appended>();

    private static async Task<long> HeadAsync(IEventStoreReader log, string stream) =>
        await log.ReadAsync(stream, long.MaxValue, forward: false, 1, Domain.ReadFrom.Leader, CancellationToken.None)
            is StoreRead.Page { Events: [var last] } ? last.Revision : -1;
}
