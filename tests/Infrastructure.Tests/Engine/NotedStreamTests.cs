using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>What the list and the handlers of endings make of a stream in which notes stand. No note is written today:
/// these are the tests' own.</summary>
public sealed class NotedStreamTests : CatalogTest, IDisposable
{
    private const string Type = "RemarkedBesideTheFeed";

    private readonly IDisposable known = EventKinds.With(new EventType(Type, EventKind.Note));
    private readonly ScriptedEventStore store = new(new ManualTime());

    private static StreamEvent Note => new StreamNote(Type) { At = Noon };

    public void Dispose() => known.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task An_ending_that_the_feed_does_not_tell_is_found_behind_which_notes_stand(int notes)
    {
        await PutAsync(Created(), Started(), Chunk(0, 0, "a"), Completed(1, 1));
        for (var i = 0; i < notes; i++) await store.PutAsync(SomeStream, Note);

        await CheckAsync(told: 2);

        var stream = (await ListAsync()).Items.Should().ContainSingle().Subject;
        (stream.Id, stream.IsDamaged).Should().Be((SomeStream, true));
    }

    [Fact]
    public async Task An_ending_that_the_feed_is_about_to_tell_is_no_damage_whatever_stands_behind_it()
    {
        await PutAsync(Created(), Started(), Chunk(0, 0, "a"), Completed(1, 1), Note);

        await CheckAsync(told: 2, upTo: (await store.StoredAsync(SomeStream))[2].Position);

        (await ListAsync()).Items.Should().ContainSingle().Which.IsDamaged.Should().BeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_stream_that_runs_on_before_notes_stays_what_it_is(int events)
    {
        StreamEvent[] life = [Created(), Started(), Chunk(0, 0, "a")];
        await PutAsync([.. life[..events], Note, Note]);

        await CheckAsync(told: Math.Min(events, 2));

        (await ListAsync()).Items.Should().ContainSingle().Which.Status.Should().Be(events == 1 ? StreamStatus.Pending : StreamStatus.Streaming);
    }

    [Fact]
    public async Task A_handler_is_told_when_a_stream_started_between_whose_first_events_a_note_stands()
    {
        await PutAsync(Created(), Note, Started(Noon.AddSeconds(1)), Note, Chunk(0, 0, "a"), Completed(1, 1));
        var ending = (await store.StoredAsync(SomeStream))[^1];

        var told = (await new EndedStreams(await LogAsync()).EndedByAsync(new FeedItem.Recorded(ending), Ct))!;

        (told.Status, told.StartedAt, told.Driver).Should().Be((StreamStatus.Done, Noon.AddSeconds(1), Node));
    }

    private async Task PutAsync(params StreamEvent[] events)
    {
        foreach (var @event in events) await store.PutAsync(SomeStream, @event, epoch: @event is StreamEvent.StreamCreated ? 0 : 1);
    }

    /// <param name="told">How many of the stream's first events that are no notes the feed has told.</param>
    private async Task CheckAsync(int told, LogPosition? upTo = null)
    {
        var log = await LogAsync();
        var items = (await store.StoredAsync(SomeStream)).Where(e => e.Event is not StreamNote).Take(told).ToList();
        await Catalog.ApplyAsync(
            [.. items.Select(e => new FeedItem.Recorded(e))], new CatalogCheckpoint(log.LogId, items[^1].Position, items[^1].Id), Ct);
        await new OpenStreamsCheck(log, Catalog).RunAsync(upTo ?? LogPosition.At(long.MaxValue), Ct);
    }

    private Task<StreamLog> LogAsync() => StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, Node, Ct);
}
