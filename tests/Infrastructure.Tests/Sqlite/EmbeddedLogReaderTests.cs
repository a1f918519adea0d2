using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A log read by a process that must not change anything in its folder.</summary>
public sealed class EmbeddedLogReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TempFolder copies = new();

    public void Dispose()
    {
        Directory.EnumerateFileSystemEntries(copies.Path).Should().BeEmpty("a private copy is deleted at the end, however it ends");
        folder.Dispose();
        copies.Dispose();
    }

    [Fact]
    public async Task A_folder_without_a_server_is_read_and_left_to_the_byte()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(3));
        var before = Contents();

        await using (var reader = await OpenAsync())
        {
            reader.IsPrivateCopy.Should().BeTrue();
            (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1", "x2");
        }

        Contents().Should().Equal(before);
    }

    [Fact]
    public async Task What_a_killed_server_left_in_the_write_ahead_log_is_read_and_left_to_the_byte()
    {
        using (var process = await LogProcess.StartAsync("append", folder.Path))
        {
            await HasWrittenAsync(process);
            await process.KillAsync();
        }

        var before = Contents();
        before.Should().Contain(file => file.Name == "log.db-wal" && file.Length > 0).And.Contain(file => file.Name == "log.db-shm");

        await using (var reader = await OpenAsync())
        {
            reader.IsPrivateCopy.Should().BeTrue();
            var read = (await reader.ReadAsync("text-0", 0, true, 1000, Domain.ReadFrom.Anywhere, default)).Should().BeOfType<StoreRead.Page>().Which;
            read.Events.Count.Should().BePositive("only the write-ahead log has them");
        }

        Contents().Should().Equal(before);
    }

    [Fact]
    public async Task A_running_log_is_read_in_place_up_to_what_it_has_just_written()
    {
        await using var log = await folder.OpenAsync();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        await using var reader = await OpenAsync();
        reader.IsPrivateCopy.Should().BeFalse();
        (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1");

        await log.AppendedAsync("text-a", After(1), Event("new"));

        (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1", "new");
    }

    [Fact]
    public async Task A_server_in_another_process_is_read_in_place()
    {
        using var process = await LogProcess.StartAsync("append", folder.Path);
        await HasWrittenAsync(process);

        await using (var reader = await OpenAsync())
        {
            reader.IsPrivateCopy.Should().BeFalse();
            (await ReadAsync(reader, "text-0")).Should().NotBeEmpty();
        }

        await process.KillAsync();
        await using var copied = await OpenAsync();
        copied.IsPrivateCopy.Should().BeTrue();
    }

    [Fact]
    public async Task A_server_stops_and_starts_beside_a_reader_and_both_go_on()
    {
        await using var reader = await BesideAsync(log => log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2)));

        await using var again = await folder.OpenAsync();
        await again.AppendedAsync("text-a", After(1), Event("later"));

        (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1", "later");
        (await again.ReadAllAsync("text-a")).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_reader_removes_nothing_and_copies_nothing_into_the_database_as_the_last_one_that_closes_it()
    {
        var reader = await BesideAsync(log => log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2)));
        var before = Contents().Where(file => file.Name != "log.db-shm").ToList();

        await reader.DisposeAsync();

        Contents().Where(file => file.Name != "log.db-shm").Should().Equal(before);
    }

    [Fact]
    public async Task A_server_starts_while_its_log_is_read_from_a_copy_which_stays_as_it_was()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        await using var reader = await OpenAsync();

        await using var server = await folder.OpenAsync();
        await server.AppendedAsync("text-a", After(1), Event("later"));

        (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1");
    }

    [Fact]
    public async Task A_log_that_is_changed_while_it_is_copied_is_copied_again()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        var copied = 0;

        await using var reader = await OpenAsync(copying: (_, _) =>
        {
            // A server that starts, writes, and is gone again before the copy is done.
            if (++copied > 1) return;
            using var log = new Closing(folder.OpenAsync().GetAwaiter().GetResult());
            log.Log.AppendedAsync("text-a", After(1), Event("later")).GetAwaiter().GetResult();
        });

        copied.Should().Be(2);
        reader.IsPrivateCopy.Should().BeTrue();
        (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1", "later");
    }

    [Fact]
    public async Task A_server_that_starts_during_the_copy_is_read_in_place()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        SqliteEventStore? server = null;

        await using (var reader = await OpenAsync(copying: (_, _) =>
        {
            server = folder.OpenAsync().GetAwaiter().GetResult();
            server.AppendedAsync("text-a", After(1), Event("later")).GetAwaiter().GetResult();
        }))
        {
            reader.IsPrivateCopy.Should().BeFalse();
            (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1", "later");
        }

        await server!.DisposeAsync();
    }

    [Fact]
    public async Task A_log_that_never_stays_as_it_is_is_refused_in_words()
    {
        await using (await folder.OpenAsync()) { }
        var changes = 0;

        var opening = () => OpenAsync(copying: (_, _) => File.SetLastWriteTimeUtc(folder.Database, DateTime.UnixEpoch.AddDays(++changes)));

        (await opening.Should().ThrowAsync<SqliteEventStoreRefusedException>()).WithMessage("*being changed*try again*");
    }

    [Fact]
    public async Task Who_looks_whether_a_server_runs_keeps_none_from_starting()
    {
        await using (await folder.OpenAsync()) { }
        var pauses = 0;
        using var look = new FileStream(Path.Combine(folder.Path, "lock"), FileMode.Open, FileAccess.Read, FileShare.Read);

        using (FolderLock.Acquire(folder.Path, pause: () =>
        {
            if (++pauses == 3) look.Dispose();
        }))
        {
            FolderLock.IsTaken(folder.Path).Should().BeTrue();
        }

        pauses.Should().Be(3);
        FolderLock.IsTaken(folder.Path).Should().BeFalse();
    }

    [Fact]
    public async Task A_copy_that_is_cancelled_leaves_nothing()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        using var stop = new CancellationTokenSource();

        var opening = () => OpenAsync((_, _) => stop.Cancel(), stop.Token);

        await opening.Should().ThrowAsync<OperationCanceledException>();
    }

    [RootFact]
    public async Task Without_room_for_the_copy_it_says_how_much_is_needed_and_where()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        using var small = Mount.SmallDisk(copies.Path, "1m");

        var opening = () => OpenAsync();

        (await opening.Should().ThrowAsync<SqliteEventStoreRefusedException>()).WithMessage($"*MiB in {copies.Path}*TMPDIR*");
        Directory.EnumerateFileSystemEntries(copies.Path).Should().BeEmpty();
    }

    [RootFact]
    public async Task A_folder_that_cannot_be_written_to_is_read()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        using var readOnly = Mount.ReadOnly(folder.Path);

        await using var reader = await OpenAsync();

        (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1");
    }

    [Fact]
    public async Task A_copy_is_open_to_its_user_only()
    {
        await using (await folder.OpenAsync()) { }
        await using var reader = await OpenAsync();

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.GetDirectoryName(reader.File)!)
                .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_link_to_a_log_is_read_where_the_log_is()
    {
        using var links = new TempFolder();
        File.CreateSymbolicLink(links.File("log.db"), folder.Database);
        await using var log = await folder.OpenAsync();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));

        await using var reader = await SqliteEventStoreReader.OpenAsync(
            new SqliteEventStoreReaderOptions { File = links.File("log.db"), TemporaryFolder = copies.Path }, TimeProvider.System, default);

        reader.IsPrivateCopy.Should().BeFalse();
        SqliteEventStoreReader.IsInUse(links.File("log.db")).Should().BeTrue();
        (await ReadAsync(reader, "text-a")).Should().Equal("x0", "x1");
        Directory.GetFiles(links.Path).Should().ContainSingle();
    }

    [Fact]
    public async Task Another_schema_somebody_elses_database_and_no_database_are_refused_in_words()
    {
        (await Refusal()).Should().Contain("There is no").And.Contain(folder.Database);
        await File.WriteAllTextAsync(folder.Database, string.Concat(Enumerable.Repeat("not a database ", 2000)));
        (await Refusal()).Should().Contain("no SQLite database");
        File.Delete(folder.Database);
        using (var theirs = Database.Open(folder.Database, TimeSpan.Zero)) theirs.Execute("CREATE TABLE theirs (a)");
        (await Refusal()).Should().Contain("something else");
        File.Delete(folder.Database);
        await using (await folder.OpenAsync()) { }
        using (var database = Database.Open(folder.Database, TimeSpan.Zero)) database.Execute("PRAGMA user_version=99");
        (await Refusal()).Should().Contain("schema 99").And.Contain("Run that version");

        async Task<string> Refusal() =>
            (await this.Awaiting(_ => OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>()).Which.Message;
    }

    [Fact]
    public async Task A_follower_of_everything_gets_what_is_there_then_each_event_as_it_is_written()
    {
        await using var log = await folder.OpenAsync();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(2));
        await using var reader = await OpenAsync();
        await using var feed = reader.FollowAllAsync(Domain.LogPosition.Start, new StoreFilter(["text-"], []), default).GetAsyncEnumerator();
        await using var stream = reader.FollowAsync("text-b", 0, default).GetAsyncEnumerator();
        (await feed.TakeAsync(3)).Select(e => e?.Text()).Should().Equal("x0", "x1", null);

        await log.AppendedAsync("text-b", ExpectedRevision.NoStream, Event("new"));
        await log.TombstoneAsync("text-a", ExpectedRevision.Any, new Domain.EventId(Guid.NewGuid()), default, default);

        (await feed.TakeAsync(1)).Single()!.Text().Should().Be("new");
        (await stream.TakeAsync(1)).Single().Text().Should().Be("new");
    }

    [Fact]
    public async Task The_integrity_check_finds_nothing_in_a_sound_log_and_names_what_is_wrong_in_another()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(50));
        await using (var reader = await OpenAsync()) (await reader.IntegrityAsync(10, default)).Should().BeEmpty();

        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
            database.Execute("PRAGMA writable_schema=ON; UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
                + "WHERE name = 'names') WHERE name = 'streams_by_name'");

        await using var damaged = await OpenAsync();
        (await damaged.IntegrityAsync(10, default)).Should().NotBeEmpty();
    }

    /// <summary>A reader that was opened beside a log which has stopped since.</summary>
    private async Task<SqliteEventStoreReader> BesideAsync(Func<SqliteEventStore, Task> write)
    {
        await using var log = await folder.OpenAsync();
        await write(log);
        var reader = await OpenAsync();
        reader.IsPrivateCopy.Should().BeFalse();
        return reader;
    }

    private Task<SqliteEventStoreReader> OpenAsync(Action<string, long>? copying = null, CancellationToken ct = default) =>
        SqliteEventStoreReader.OpenAsync(
            new SqliteEventStoreReaderOptions { File = folder.Database, TemporaryFolder = copies.Path, Copying = copying, LookEvery = TimeSpan.FromMilliseconds(5) },
            TimeProvider.System,
            ct);

    /// <summary>Waits until a process that appends has appended for a while, and to the first stream too.</summary>
    private static async Task HasWrittenAsync(LogProcess process)
    {
        var hasFirst = false;
        for (var lines = 0; lines < 200 || !hasFirst; lines++) hasFirst |= (await process.NextLineAsync())!.StartsWith("text-0 ", StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(SqliteEventStoreReader reader, string stream) =>
        [.. (await reader.ReadAsync(stream, 0, forward: true, 1000, Domain.ReadFrom.Leader, default))
            .Should().BeOfType<StoreRead.Page>().Which.Events.Select(e => e.Text())];

    /// <summary>Every file with its bytes and the time of its last change, and the folder's own.</summary>
    private List<(string Name, DateTime Written, long Length, string Hash)> Contents() =>
    [
        .. new DirectoryInfo(folder.Path).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => (
            file.Name,
            file.LastWriteTimeUtc,
            file.Length,
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file.FullName))))),
        (".", Directory.GetLastWriteTimeUtc(folder.Path), 0, ""),
    ];

    private sealed class Closing(SqliteEventStore log) : IDisposable
    {
        public SqliteEventStore Log => log;

        public void Dispose() => log.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
