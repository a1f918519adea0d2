using System.Collections;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class DirectoryFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string File => folder.File("sub/directory.db");

    private static CancellationToken Ct => CancellationToken.None;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_applied_is_there_after_opening_again()
    {
        await FillAsync();

        (await IdsAsync()).Should().Equal("b", "a");
    }

    [Fact]
    public async Task A_deleted_file_begins_anew()
    {
        await FillAsync();
        System.IO.File.Delete(File);

        (await IdsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_of_another_version_begins_anew()
    {
        await FillAsync();
        Execute("PRAGMA user_version = 99; DROP TABLE labels;");

        (await IdsAsync()).Should().BeEmpty();
        (await IdsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("This is no database, and it is longer than the header of one would be, which is a hundred bytes or so.")]
    [InlineData("short")]
    [InlineData("")]
    public async Task A_file_that_is_no_database_begins_anew(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, content, Ct);

        (await IdsAsync()).Should().BeEmpty();
        await FillAsync();
        (await IdsAsync()).Should().Equal("b", "a");
    }

    [Fact]
    public async Task A_truncated_file_begins_anew()
    {
        await FillAsync();
        await using (var stream = System.IO.File.OpenWrite(File)) stream.SetLength(stream.Length / 2);

        (await IdsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x45535345)]
    public async Task A_database_of_something_else_is_refused_and_left_alone(int applicationId)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Execute($"PRAGMA application_id = {applicationId}; CREATE TABLE precious (x); INSERT INTO precious VALUES (1);");
        var before = await System.IO.File.ReadAllBytesAsync(File, Ct);

        await this.Invoking(t => t.OpenAsync()).Should().ThrowAsync<InvalidDataException>().WithMessage("*something else*");

        (await System.IO.File.ReadAllBytesAsync(File, Ct)).Should().Equal(before);
    }

    [Fact]
    public async Task Damage_that_a_reader_meets_makes_it_begin_anew_and_the_feed_is_told()
    {
        await using var catalog = await OpenAsync();
        var feed = new CatalogFeed(catalog).With("a", Created("a"));
        await feed.ApplyAsync();
        await DamageAsync();

        (await catalog.ListAsync(new CatalogQuery(null, null, 50), Ct)).Items.Should().BeEmpty();

        // Going on behind what has been lost would leave it out for ever.
        feed.With("b", Created("b"));
        await feed.Invoking(f => f.ApplyAsync()).Should().ThrowAsync<CatalogRemadeException>();
        (await catalog.CheckpointAsync(Ct)).Should().BeNull();
        await feed.ApplyAsync();
        (await catalog.ListAsync(new CatalogQuery(null, null, 50), Ct)).Items.Should().ContainSingle();
    }

    [Fact]
    public async Task Damage_that_the_feed_meets_makes_it_begin_anew()
    {
        await using var catalog = await OpenAsync();
        var feed = new CatalogFeed(catalog).With("a", Created("a"));
        await feed.ApplyAsync();
        await DamageAsync();

        feed.With("b", Created("b"));
        await feed.Invoking(f => f.ApplyAsync()).Should().ThrowAsync<CatalogRemadeException>();
        (await catalog.CheckpointAsync(Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Where_it_cannot_be_made_anew_the_next_call_tries_again()
    {
        await using var catalog = await OpenAsync();
        var feed = new CatalogFeed(catalog).With("a", Created("a"));
        await feed.ApplyAsync();
        await DamageAsync();
        System.IO.File.Delete(File);
        Directory.CreateDirectory(File);
        Func<Task<CatalogPage>> list = () => catalog.ListAsync(new CatalogQuery(null, null, 50), Ct);

        await list.Should().ThrowAsync<UnauthorizedAccessException>("a folder stands in its place");
        Directory.Delete(File);

        (await list()).Items.Should().BeEmpty();
        (await catalog.CheckpointAsync(Ct)).Should().BeNull();
        await feed.With("b", Created("b")).ApplyAsync();
        (await list()).Items.Should().ContainSingle();
    }

    [Fact]
    public async Task A_reset_heals_damage()
    {
        await using var catalog = await OpenAsync();
        var feed = new CatalogFeed(catalog).With("a", Created("a"));
        await feed.ApplyAsync();
        await DamageAsync();

        await catalog.ResetAsync(Ct);

        await feed.With("b", Created("b")).ApplyAsync();
        (await catalog.CheckpointAsync(Ct)).Should().Be(feed.Checkpoint);
    }

    [Fact]
    public async Task Lists_and_the_feed_go_on_side_by_side()
    {
        await using var catalog = await OpenAsync();
        var feed = new CatalogFeed(catalog);
        var readers = Enumerable.Range(0, 6).Select(async _ =>
        {
            for (var i = 0; i < 50; i++)
            {
                var page = await catalog.ListAsync(new CatalogQuery(null, null, 200), Ct);
                // Each run brings a pair: a page that shows half of one has seen half a transaction.
                (page.Items.Count % 2).Should().Be(0);
            }
        }).ToList();
        for (var i = 0; i < 100; i++) await feed.With($"a{i}", Created($"a{i}")).With($"b{i}", Created($"b{i}")).ApplyAsync();

        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task What_comes_while_it_is_being_closed_is_told_so()
    {
        var catalog = await OpenAsync();
        using var held = new HeldItems();
        var applying = catalog.ApplyAsync(held, null, Ct);
        await held.Begun.WaitAsync(Eventually.Limit);
        var closing = catalog.DisposeAsync().AsTask();

        var write = catalog.CheckpointAsync(Ct);
        held.Free();
        await applying;
        await closing;

        await write.Invoking(task => task.WaitAsync(Eventually.Limit)).Should().ThrowAsync<ObjectDisposedException>();
        await catalog.Invoking(d => d.ListAsync(new CatalogQuery(null, null, 50), Ct)).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_large_file_that_turns_out_to_be_damaged_and_cannot_be_made_anew_can_be_closed()
    {
        await FillAsync();
        Execute("UPDATE streams SET length = length + 1; CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(17 * 1024 * 1024));");
        var catalog = await SqliteCatalog.OpenAsync(File, new OnFirstLine(() => Directory.CreateDirectory(File + "-journal")), Ct);
        await catalog.Lost.WaitAsync(Eventually.Limit);
        await Eventually.UntilAsync("a folder stands in its way", () => Directory.Exists(File + "-journal"));

        await catalog.Invoking(d => d.DisposeAsync().AsTask()).Should().NotThrowAsync();
    }

    private Task<SqliteCatalog> OpenAsync() => SqliteCatalog.OpenAsync(File, NullLogger.Instance, Ct);

    private async Task FillAsync()
    {
        await using var catalog = await OpenAsync();
        await new CatalogFeed(catalog).With("a", Created("a")).With("b", Created("b")).ApplyAsync();
    }

    private async Task<IReadOnlyList<string>> IdsAsync()
    {
        await using var catalog = await OpenAsync();
        return (await catalog.ListAsync(new CatalogQuery(null, null, 50), Ct)).Items.Select(s => s.Id.Value).ToList();
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    /// <summary>Overwrites every page but the first under the running catalog, as a bad disk would.</summary>
    private async Task DamageAsync()
    {
        // Everything into the main file, and a new beginning of the WAL, so that the next reader looks at the damaged
        // pages.
        Execute("PRAGMA wal_checkpoint(TRUNCATE);");
        await using var stream = new FileStream(File, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var rubbish = new byte[stream.Length - 4096];
        Array.Fill(rubbish, (byte)0xEE);
        stream.Position = 4096;
        await stream.WriteAsync(rubbish, Ct);
    }

    /// <summary>No items, as the writer finds out only when it is let go on.</summary>
    private sealed class HeldItems : IReadOnlyList<FeedItem>, IDisposable
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim free = new();

        public Task Begun => begun.Task;

        public int Count => 0;

        public FeedItem this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public void Free() => free.Set();

        public IEnumerator<FeedItem> GetEnumerator()
        {
            begun.TrySetResult();
            free.Wait(Eventually.Limit).Should().BeTrue();
            yield break;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => free.Dispose();
    }

    /// <summary>Does something when the first line is written.</summary>
    private sealed class OnFirstLine(Action act) : ILogger
    {
        private Action? act = act;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Exchange(ref act, null)?.Invoke();
    }
}
