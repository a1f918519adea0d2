using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
    [Fact]
    public async Task A_text_deleted_in_the_store_without_a_tombstone_is_truncated_and_is_not_created_anew()
    {
        if (!HidesEvents) return;
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        var hidden = Bytes.Event($$"""{"$tb":{{long.MaxValue}}}""", "$metadata");
        await Store.AppendedAsync("$$" + Prefix.Text(Text.Id), ExpectedRevision.NoStream, hidden);

        await AssertTruncatedAsync(() => Log.ReadLastAsync(Text.Id, CancellationToken.None));
        await AssertTruncatedAsync(() => ReadAsync(Text.Id));
        await AssertTruncatedAsync(() => Log.TryAppendAsync(NewText("a").Append(Text.Created), CancellationToken.None));
        await AssertTruncatedAsync(() => Log.AppendAsync(NewText("a").Append(Text.Created), CancellationToken.None));

        static async Task AssertTruncatedAsync(Func<Task> act) =>
            (await act.Should().ThrowAsync<LogDamagedException>()).Which.Message.Should().Contain("truncated").And.Contain("without a tombstone");
    }

    [Fact]
    public async Task A_stream_that_never_was_reads_as_empty()
    {
        (await ReadAsync(Text.Id)).Should().BeEmpty();
        (await ReadAsync(Text.Id, after: 3)).Should().BeEmpty();
        (await Log.ReadLastAsync(Text.Id, CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task A_read_gives_what_comes_after_a_revision()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("a"), Text.Chunk("b"));

        for (var after = -1; after < 4; after++)
        {
            (await ReadAsync(Text.Id, after)).Select(e => e.Revision.Value)
                .Should().Equal(Enumerable.Range(after + 1, 3 - after).Select(i => (long)i));
        }
    }

    [Fact]
    public async Task A_cursor_past_the_end_reads_as_empty()
    {
        await Text.AppendedAsync(Log, Text.Created);

        (await ReadAsync(Text.Id, after: 1)).Should().BeEmpty();
        (await ReadAsync(Text.Id, after: 1_000_000)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_long_stream_is_read_whole_over_its_pages()
    {
        const int Chunks = 700;
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        for (var i = 0; i < 7; i++)
            await Text.AppendedAsync(Log, [.. Enumerable.Range(0, Chunks / 7).Select(j => Text.Chunk($"{i}.{j} "))]);

        var read = await ReadAsync(Text.Id);
        read.Select(e => e.Revision.Value).Should().Equal(Enumerable.Range(0, Chunks + 2).Select(i => (long)i));
        read[^1].Head.Should().Be(Text.Head);
        (await ReadAsync(Text.Id, after: 300)).Should().Equal(read[301..]);
    }

    [Fact]
    public async Task The_last_event_is_read_alone()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("a"));

        var last = await Log.ReadLastAsync(Text.Id, CancellationToken.None);

        last.Should().Be((await ReadAsync(Text.Id))[^1]);
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_for_readers()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        await DeleteAsync(Text);
        await DeleteAsync(Text);

        await this.Awaiting(t => t.ReadAsync(Text.Id)).Should().ThrowAsync<StreamGoneException>();
        await this.Awaiting(t => t.ReadAsync(Text.Id, after: 0)).Should().ThrowAsync<StreamGoneException>();
        await Log.Awaiting(l => l.ReadLastAsync(Text.Id, CancellationToken.None)).Should().ThrowAsync<StreamGoneException>();
    }

    [Fact]
    public async Task A_stream_whose_beginning_is_gone_is_truncated()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("a"), Text.Chunk("b"));
        await Store.SetLimitsAsync(Prefix.Text(Text.Id), new StreamLimits(MaxCount: 2, null), CancellationToken.None);

        var read = await this.Awaiting(t => t.ReadAsync(Text.Id)).Should().ThrowAsync<LogDamagedException>();
        read.Which.Message.Should().Contain(Prefix.Text(Text.Id)).And.Contain("truncated");
        (await ReadAsync(Text.Id, after: 2)).Should().ContainSingle("what comes after an event that is still there can be checked");
        (await this.Awaiting(t => t.ReadAsync(Text.Id, after: 1)).Should().ThrowAsync<LogDamagedException>())
            .Which.Revision.Should().Be(1);
    }

    [Fact]
    public async Task One_event_is_read_alone_and_what_is_not_there_is_null()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("One "), Text.Chunk("two"));

        for (var revision = 0; revision < 4; revision++)
            (await Log.ReadOneAsync(Text.Id, Revision.From(revision), ReadFrom.Leader, CancellationToken.None))!.Revision.Value.Should().Be(revision);
        (await Log.ReadOneAsync(Text.Id, Revision.From(4), ReadFrom.Leader, CancellationToken.None)).Should().BeNull();
        (await Log.ReadOneAsync(new StreamId("none"), Revision.From(0), ReadFrom.Leader, CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Reading_on_from_a_head_finds_what_is_new_or_says_that_the_head_is_not_there()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        var head = Text.Head;
        await Text.AppendedAsync(Log, Text.Chunk("One"));

        (await RevisionsAsync(head)).Should().Equal(2);
        (await RevisionsAsync(Text.Head)).Should().BeEmpty();
        await this.Awaiting(t => t.RevisionsAsync(head with { Hash = Text.Head.Hash })).Should().ThrowAsync<HeadNotFoundException>();
        await this.Awaiting(t => t.RevisionsAsync(Text.Head with { Revision = Revision.From(3) })).Should().ThrowAsync<HeadNotFoundException>();
    }

    private async Task<List<long>> RevisionsAsync(StreamHead after)
    {
        var revisions = new List<long>();
        await foreach (var recorded in Log.ReadAsync(Text.Id, after, ReadFrom.Leader, CancellationToken.None)) revisions.Add(recorded.Revision.Value);
        return revisions;
    }
}
