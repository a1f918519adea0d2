using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.Data.Sqlite;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>Streams whose life cannot be read are listed as that, and nothing of them is made up; the file itself is
/// not believed.</summary>
public sealed class CatalogTroubleTests : CatalogTest
{
    private static readonly Labels User = Labels.From([new("user", "42")]);

    [Fact]
    public async Task A_damaged_stream_stays_in_the_list_and_is_found_by_nothing_that_it_was()
    {
        Feed.With("a", Created("a", User, retain: TimeSpan.Zero), Started(), Completed(length: 5)).With("b", Created("b"));
        await Feed.ApplyAsync();
        Feed.Items.Add(Damaged("a"));
        await Feed.ApplyAsync();
        Feed.With("a", first: 4, Deleted(StreamStatus.Done, length: 5));
        await Feed.ApplyAsync();

        var stream = (await ListAsync()).Items.Single(item => item.Id.Value == "a");
        stream.IsDamaged.Should().BeTrue();
        (await IdsAsync(label: ("user", "42"))).Should().Equal("a");
        foreach (var status in new[] { StreamStatus.Pending, StreamStatus.Streaming, StreamStatus.Done, StreamStatus.Deleted })
            (await IdsAsync(status)).Should().NotContain("a");
        (await DueAsync(new DueQuery.RetentionOver(Noon.AddYears(1), TimeSpan.Zero))).Should().BeEmpty();
        (await DueAsync(new DueQuery.Streaming())).Should().BeEmpty();

        Feed.WithTombstone("a");
        await Feed.ApplyAsync();
        (await IdsAsync()).Should().Equal("b");
    }

    [Fact]
    public async Task A_stream_whose_creation_cannot_be_read_is_listed_last()
    {
        Feed.Items.Add(Damaged("a"));
        Feed.With("a", first: 1, Started()).With("b", Created("b"));
        await Feed.ApplyAsync();

        var page = await ListAsync();
        page.Items.Select(item => (item.Id.Value, item.IsDamaged, item.HasBegun)).Should().Equal(("b", false, true), ("a", true, false));
        (await ListAsync(limit: 1, cursor: (await ListAsync(limit: 1)).NextCursor)).Items.Should().ContainSingle().Which.Id.Value.Should().Be("a");
        (await Catalog.ListAsync(new CatalogQuery(null, null, 50) { To = Noon.AddYears(1) }, Ct)).Items.Should().ContainSingle();
    }

    [Fact]
    public async Task Another_programs_event_is_kept_beside_the_stream_and_the_first_one_is_named()
    {
        Feed.With("a", Created("a"), Started(), Completed());
        Feed.Items.Add(Foreign("a", "OrderPlaced", 3));
        Feed.Items.Add(Foreign("a", "OrderPaid", 4));
        Feed.Items.Add(Foreign("order", "OrderPlaced", 0));
        Feed.Items.Add(Foreign("order", "OrderPaid", 1));
        Feed.Items.Add(Foreign("lost", "OrderPaid", 7));
        await Feed.ApplyAsync();

        var items = (await ListAsync()).Items;
        items.Select(item => (item.Id.Value, item.Foreign?.Type, item.IsDamaged, item.HasBegun)).Should().Equal(
            ("a", "OrderPlaced", false, true), ("lost", null, true, false), ("order", "OrderPlaced", false, false));
        items[0].Status.Should().Be(StreamStatus.Done);
        (await IdsAsync(StreamStatus.Done)).Should().Equal("a");
    }

    [Fact]
    public async Task What_has_no_id_moves_no_checkpoint()
    {
        Feed.With("a", Created("a"));
        await Feed.ApplyAsync();
        var before = await Catalog.CheckpointAsync(Ct);

        await Catalog.ApplyAsync([Damaged("b") with { Id = null }], checkpoint: null, Ct);

        (await Catalog.CheckpointAsync(Ct)).Should().Be(before);
        (await IdsAsync()).Should().Equal("a", "b");
    }

    [Theory]
    [InlineData("UPDATE streams SET length = length + 1 WHERE id = 'b'")]
    [InlineData("UPDATE streams SET created_at = created_at + 1 WHERE id = 'b'")]
    [InlineData("UPDATE streams SET status = 'error' WHERE id = 'b'")]
    [InlineData("UPDATE streams SET status = 'nothing' WHERE id = 'b'")]
    [InlineData("UPDATE streams SET source = 'c' WHERE id = 'b'")]
    [InlineData("UPDATE streams SET title = 'c' WHERE id = 'b'")]
    [InlineData("UPDATE streams SET search = 'c' WHERE id = 'b'")]
    [InlineData("UPDATE streams SET damaged = 1 WHERE id = 'b'")]
    [InlineData("UPDATE streams SET error_code = 'x', error_message = 'y' WHERE id = 'b'")]
    [InlineData("UPDATE streams SET ended_at = NULL WHERE id = 'b'")]
    [InlineData("UPDATE streams SET sum = sum + 1 WHERE id = 'b'")]
    [InlineData("UPDATE streams SET revision = 'many' WHERE id = 'b'")]
    [InlineData("UPDATE labels SET value = '43'")]
    [InlineData("UPDATE labels SET name = 'usar'")]
    [InlineData("DELETE FROM labels")]
    [InlineData("DROP TABLE labels")]
    [InlineData("DROP INDEX streams_listed; ALTER TABLE streams RENAME COLUMN title TO titel")]
    [InlineData("PRAGMA application_id = 7")]
    public async Task A_value_that_was_not_written_is_never_shown(string change)
    {
        Feed.With("b", Created("b", User), Started(), Completed(length: 5)).With("a", Created("a"));
        await Feed.ApplyAsync();
        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            connection.Execute(change);
        }

        if (!change.StartsWith("PRAGMA", StringComparison.Ordinal))
        {
            (await IdsAsync()).Should().BeEmpty();
            Catalog.Lost.IsCompleted.Should().BeTrue();
        }

        await ReopenAsync();
        (await IdsAsync()).Should().BeEmpty();
        (await Catalog.CheckpointAsync(Ct)).Should().BeNull("it is fed anew");
        Catalog.Lost.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Bytes_that_are_flipped_anywhere_in_the_file_show_no_wrong_list()
    {
        for (var i = 0; i < 40; i++)
        {
            Feed.With($"s{i}", Created($"s{i}", Labels.From([new("user", $"u{i % 3}"), new("k", "v")]), at: Noon.AddSeconds(i), input: $"{{\"prompt\":\"title {i}\"}}"), Started());
            if (i % 3 > 0) Feed.With($"s{i}", first: 2, Completed(length: i));
        }

        await Feed.ApplyAsync();
        var truth = (await ListAsync(limit: 200)).Items;
        await ReopenAsync();
        await Catalog.DisposeAsync();
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        int whole = 0, anew = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var damaged = (byte[])bytes.Clone();
            for (var i = random.Next(1, 4); i > 0; i--) damaged[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            foreach (var rest in new[] { "-wal", "-shm" }) System.IO.File.Delete(File + rest);
            await System.IO.File.WriteAllBytesAsync(File, damaged);
            await using var opened = await OpenAsync();
            var shown = (await opened.ListAsync(new CatalogQuery(null, null, 200), Ct)).Items;
            var labelled = (await opened.ListAsync(new CatalogQuery(null, null, 200) { Labels = [new("user", "u1")] }, Ct)).Items;
            if (shown.Count == 0)
            {
                anew++;
                continue;
            }

            whole++;
            shown.Should().Equal(truth, "of seed {0}", seed);
            if (labelled.Count > 0) labelled.Should().Equal(truth.Where(stream => stream.Labels["user"] == "u1"), "of seed {0}", seed);
        }

        whole.Should().BeGreaterThan(20);
        anew.Should().BeGreaterThan(20);
    }

    private FeedItem.Damaged Damaged(string id) => new(Feed.Next(), $"text-{id}", "its hash is another.")
    {
        Stream = new StreamId(id),
        Id = new Domain.EventId(new Guid(1, 2, 3, new byte[8])),
    };

    private FeedItem.Damaged Foreign(string id, string type, long revision) => Damaged(id) with { Foreign = new ForeignEvent(type, Revision.From(revision)) };
}
