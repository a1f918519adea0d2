using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
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
}
