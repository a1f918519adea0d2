using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>What is known of a stream without its text is the same as with it, at the cost of a few events.</summary>
public sealed class StreamSummariesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly StreamId Id = new("s");

    private readonly NearNodeStore store = new(new InMemoryEventStore(new InMemoryStore(TimeProvider.System)));
    private StreamLog log = null!;
    private StreamSummaries summaries = null!;
    private StreamBodies bodies = null!;

    public async Task InitializeAsync()
    {
        log = await StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, Texts.Node, default);
        (summaries, bodies) = (new StreamSummaries(log), new StreamBodies(log));
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public async Task It_is_what_folding_everything_makes_of_it_at_every_revision_and_time(int chunks)
    {
        var text = await WriteAsync(chunks);

        for (var revision = 0L; revision <= text.Head.Revision.Value; revision++)
        {
            var point = (await summaries.FindAsync(Id, Revision.From(revision), default))!;
            var body = (await bodies.FindAsync(Id, Revision.From(revision), default))!;
            point.Summary.Should().Be(body.Summary);
            point.Head.Should().Be(body.Head);
        }

        for (var minute = -1; minute <= chunks + 4; minute++)
        {
            var at = Noon + TimeSpan.FromMinutes(minute) + TimeSpan.FromSeconds(30);
            (await summaries.FindAsync(Id, at, default))?.Summary.Should().Be((await bodies.FindAsync(Id, at, default))?.Summary);
        }

        (await summaries.FindAsync(Id, Noon - TimeSpan.FromSeconds(1), default)).Should().BeNull();
        (await summaries.FindAsync(Id, text.Head.Revision.Next, default)).Should().BeNull();
        (await summaries.FindAsync(Id, default))!.Summary.Should().Be((await bodies.FindAsync(Id, default))!.Summary);
    }

    [Fact]
    public async Task However_long_the_text_a_few_events_are_read_of_it()
    {
        await WriteAsync(1000);
        store.ForgetReads();

        await summaries.FindAsync(Id, default);
        store.Reads.Sum(read => read.Events).Should().BeLessThanOrEqualTo(4);
        store.ForgetReads();
        await summaries.FindAsync(Id, Revision.From(500), default);
        store.Reads.Sum(read => read.Events).Should().BeLessThanOrEqualTo(5);
        store.ForgetReads();
        await summaries.FindAsync(Id, Noon + TimeSpan.FromMinutes(500), default);
        store.Reads.Sum(read => read.Events).Should().BeLessThanOrEqualTo(20);
    }

    [Fact]
    public async Task Of_an_ended_stream_whose_text_is_asked_for_again_the_last_event_alone_is_read()
    {
        var kept = new StreamSummaries(log, new TextMemory());
        var text = await WriteAsync(3);
        var whole = await kept.FindWithTextAsync(Id, default);
        store.ForgetReads();

        (await kept.FindWithTextAsync(Id, default)).Should().BeSameAs(whole);
        store.Reads.Sum(read => read.Events).Should().Be(1);

        await text.AppendedAsync(log, new StreamEvent.StreamDeleted("ann", null, StreamStatus.Done, 8, 2) { At = Noon + TimeSpan.FromDays(1) });
        await kept.Awaiting(k => k.FindWithTextAsync(Id, default)).Should().ThrowAsync<StreamGoneException>();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_the_near_node_has_not_heard_of_is_there_all_the_same(long seen)
    {
        await WriteAsync(3);
        var whole = await summaries.FindAsync(Id, default);
        store.NearSees = seen;

        (await summaries.FindAsync(Id, default))!.Should().Be(whole);
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_at_every_point_and_an_unknown_one_is_not_there()
    {
        (await summaries.FindAsync(Id, default)).Should().BeNull();
        (await summaries.FindAsync(Id, Noon, default)).Should().BeNull();
        var text = await WriteAsync(2);
        await text.AppendedAsync(log, new StreamEvent.StreamDeleted("ann", null, StreamStatus.Done, 8, 2) { At = Noon + TimeSpan.FromDays(1) });

        await GoneAsync();
        await log.TombstoneAsync(Id, new Deletion("ann", Noon, text.Head), default);
        await GoneAsync();

        async Task GoneAsync()
        {
            await summaries.Awaiting(s => s.FindAsync(Id, default)).Should().ThrowAsync<StreamGoneException>();
            await summaries.Awaiting(s => s.FindAsync(Id, Revision.From(1), default)).Should().ThrowAsync<StreamGoneException>();
            await summaries.Awaiting(s => s.FindAsync(Id, Noon, default)).Should().ThrowAsync<StreamGoneException>();
        }
    }

    [Fact]
    public async Task A_byte_of_the_text_is_found_by_a_few_events()
    {
        await WriteAsync(1000);
        var point = (await summaries.FindAsync(Id, default))!;
        var positions = new EventPositions(log);
        store.ForgetReads();

        foreach (var offset in (long[])[0, 3, 4, 1999, 2000, point.Summary.Length - 1])
        {
            store.ForgetReads();
            var before = await positions.BeforeAsync(Id, point, offset, default);
            store.Reads.Count.Should().BeLessThan(15);
            var first = await log.ReadAsync(Id, before, ReadFrom.Leader, default).FirstAsync();
            var chunk = first.Event.Should().BeOfType<StreamEvent.ChunkPersisted>().Which;
            chunk.Offset.Should().Be(offset / 4 * 4);
        }
    }

    /// <summary>An event a minute, four bytes each.</summary>
    private async Task<Texts> WriteAsync(int chunks)
    {
        var text = new Texts(Id, Noon);
        await text.AppendedAsync(log, text.Created, text.Started with { At = Noon + TimeSpan.FromMinutes(1) });
        for (var i = 0; i < chunks; i++) await text.AppendedAsync(log, text.Chunk($"{i % 1000:000} ") with { At = Noon + TimeSpan.FromMinutes(i + 2) });
        await text.AppendedAsync(log, text.Completed with { At = Noon + TimeSpan.FromMinutes(chunks + 2) });
        return text;
    }
}
