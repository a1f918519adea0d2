using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>A text is what the leader has, whatever is kept here and whatever the near node has heard of.</summary>
public sealed class StreamBodiesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly StreamId Id = new("s");

    private readonly NearNodeStore store = new(new InMemoryEventStore(new InMemoryStore(TimeProvider.System)));
    private StreamLog log = null!;
    private StreamBodies bodies = null!;

    public async Task InitializeAsync()
    {
        log = await OpenAsync(store);
        bodies = new StreamBodies(log);
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task What_the_near_node_has_not_heard_of_is_there_all_the_same(long seen)
    {
        await WriteAsync(log, "One ", "two ", "three");
        store.NearSees = seen;

        (await bodies.FindAsync(Id, default))!.Text.ToString().Should().Be("One two three");
        (await bodies.FindAsync(Id, default))!.Summary.Status.Should().Be(StreamStatus.Done);
        (await bodies.FindAsync(Id, Revision.From(3), default))!.Text.ToString().Should().Be("One two ");
        (await bodies.FindAsync(Id, Noon, default))!.Text.ToString().Should().Be("One two three");
    }

    [Fact]
    public async Task A_text_that_was_deleted_is_gone_although_the_near_node_still_has_it()
    {
        var text = await WriteAsync(log, "One ");
        await bodies.FindAsync(Id, default);
        store.NearSees = text.Head.Revision.Value;

        await text.AppendedAsync(log, new StreamEvent.StreamDeleted("ann", null, StreamStatus.Done, 4, 1) { At = Noon });

        await bodies.Awaiting(b => b.FindAsync(Id, default)).Should().ThrowAsync<StreamGoneException>();
        await log.TombstoneAsync(Id, new Deletion("ann", Noon, text.Head), default);
        await bodies.Awaiting(b => b.FindAsync(Id, default)).Should().ThrowAsync<StreamGoneException>();
    }

    [Theory]
    [InlineData("Another ", "text ", "it is")]
    [InlineData("Shorter")]
    [InlineData("A ", "longer ", "text ", "it ", "is")]
    public async Task What_is_kept_of_a_log_gives_way_to_the_state_that_was_restored(params string[] pieces)
    {
        await WriteAsync(log, "One ", "two ", "three");
        (await bodies.FindAsync(Id, default))!.Text.ToString().Should().Be("One two three");
        var restored = new InMemoryEventStore(new InMemoryStore(TimeProvider.System));
        await WriteAsync(await OpenAsync(restored), pieces);

        store.Behind = restored;

        for (var i = 0; i < 2; i++) (await bodies.FindAsync(Id, default))!.Text.ToString().Should().Be(string.Concat(pieces));
    }

    [Fact]
    public async Task What_is_kept_costs_one_event_to_be_sure_of()
    {
        await WriteAsync(log, "One ", "two ", "three");
        await bodies.FindAsync(Id, default);
        store.ForgetReads();

        await bodies.FindAsync(Id, default);

        store.Reads.Should().ContainSingle().Which.Events.Should().Be(1);
    }

    private static Task<StreamLog> OpenAsync(IEventStore store) =>
        StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, Texts.Node, default);

    private static async Task<Texts> WriteAsync(StreamLog log, params string[] pieces)
    {
        var text = new Texts(Id, Noon);
        await text.AppendedAsync(log, text.Created, text.Started);
        foreach (var piece in pieces) await text.AppendedAsync(log, text.Chunk(piece));
        await text.AppendedAsync(log, text.Completed);
        return text;
    }
}
