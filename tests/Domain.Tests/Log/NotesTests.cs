using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

/// <summary>What a writer does about another's events that it finds where it wanted to append. No note is written
/// today: these are the tests' own.</summary>
public sealed class NotesTests : IAsyncLifetime, IDisposable
{
    private readonly IDisposable known = EventKinds.With(new EventType("TestNoted", EventKind.Note));
    private readonly ManualTime time = new();
    private readonly ScriptedEventStore store;
    private readonly EventContext context = new(Node, 0, EventContext.Anonymous);
    private StreamLog log = null!;
    private StreamTail tail = null!;

    public NotesTests() => store = new(time);

    private static StreamEvent Note => new StreamNote("TestNoted") { At = Noon };

    public async Task InitializeAsync()
    {
        log = await StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, time, Node, default);
        tail = Tail();
        await AppendAsync(Commands.Create(), Commands.Start(), Commands.Persist("a"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => known.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task A_driver_builds_on_the_notes_that_it_finds(int notes)
    {
        for (var i = 0; i < notes; i++) await store.PutAsync(SomeStream, Note);

        (await AppendAsync(Commands.Persist("b"), Commands.Complete())).Outcome
            .Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(notes + 4);

        var read = await log.ReadAsync(SomeStream, Revision.None, ReadFrom.Leader, default).ToListAsync();
        read.Select(e => e.Event).OfType<StreamEvent.ChunkPersisted>().Select(e => (e.Index, e.Offset)).Should().Equal((0, 0), (1, 1));
        read[^1].Event.Should().BeOfType<StreamEvent.StreamCompleted>().Which.Length.Should().Be(2);
        store.Appends.Select(append => append.Events[0].Id).Should().OnlyHaveUniqueItems("what was decided anew has other bytes");
    }

    public static TheoryData<string> Stopping => ["ending", "deletion", "start", "content"];

    [Theory]
    [MemberData(nameof(Stopping))]
    public async Task Anything_but_a_note_stops_a_driver_also_behind_notes(string kind)
    {
        await store.PutAsync(SomeStream, Note);
        var other = await store.PutAsync(SomeStream, kind switch
        {
            "ending" => Cancelled(null, 1, 1),
            "deletion" => Deleted(StreamStatus.Streaming, 1, 1),
            "start" => Started(driver: new NodeRun("node-2", "run-2")),
            _ => Chunk(1, 1, "x"),
        });

        (await AppendAsync(Commands.Persist("b"))).Outcome.Should().BeOfType<AppendOutcome.Lost>().Which.By.Should().Be(other);

        (await store.StoredAsync(SomeStream)).Should().HaveCount(5, "nothing was written");
        tail.Head.Should().Be(other.Head);
    }

    [Fact]
    public async Task An_event_without_our_chain_stops_a_driver()
    {
        await ((IEventStore)store).AppendAsync(
            "text-s", ExpectedRevision.Any, [new NewEvent(new EventId(Guid.NewGuid()), "TestNoted", "application/json", "{}"u8.ToArray(), "{}"u8.ToArray())],
            default);

        await this.Awaiting(t => t.AppendAsync(Commands.Persist("b"))).Should().ThrowAsync<LogDamagedException>();
    }

    [Fact]
    public async Task An_ending_is_found_behind_which_notes_stand()
    {
        await AppendAsync(Commands.Complete());
        for (var i = 0; i < 300; i++) await store.PutAsync(SomeStream, Note);

        var end = (await log.ReadEndAsync(SomeStream, default))!;

        end.Decisive.Event.Should().BeOfType<StreamEvent.StreamCompleted>();
        end.Notes.Select(note => note.Revision.Value).Should().Equal(Enumerable.Range(4, 300).Select(i => (long)i));
        end.State.Should().Be(new StreamState.Ended(StreamStatus.Done, 1, 1, 1));
        tail = Tail(end);
        (await AppendAsync(Commands.Delete())).Outcome.Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(304);
        (await log.ReadAsync(SomeStream, Revision.None, ReadFrom.Leader, default).CountAsync()).Should().Be(305, "the chain holds");
    }

    [Fact]
    public async Task A_body_and_a_summary_are_not_changed_by_notes()
    {
        await store.PutAsync(SomeStream, Note);
        await AppendAsync(Commands.Complete());
        await store.PutAsync(SomeStream, Note);

        var body = (await new StreamBodies(log).FindAsync(SomeStream, default))!;

        body.Text.ToString().Should().Be("a");
        body.Summary.Status.Should().Be(StreamStatus.Done);
        body.Revision.Should().Be(Revision.From(5));
    }

    [Fact]
    public async Task Of_one_event_that_the_store_brings_with_its_answer_nothing_is_read()
    {
        var note = await store.PutAsync(SomeStream, Note);

        (await AppendAsync(Commands.Persist("b"))).Outcome.Should().BeOfType<AppendOutcome.Appended>();

        store.Reads.Should().BeEmpty();
        tail.Head.Revision.Should().Be(note.Revision.Next);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_loser_that_was_left_far_behind_is_told_the_end_and_the_first_ending(bool isDeleted)
    {
        var first = await store.PutAsync(SomeStream, Chunk(1, 1, "0"));
        for (var i = 2; i < 50; i++) await store.PutAsync(SomeStream, Chunk(i, i, "0"));
        var ending = await store.PutAsync(SomeStream, Completed(50, 50));
        var last = await store.PutAsync(SomeStream, isDeleted ? Deleted(StreamStatus.Done, 50, 50) : Note);

        var missed = (await AppendAsync(Commands.Persist("b"))).Outcome.Should().BeOfType<AppendOutcome.Lost>().Which.Missed!;

        (missed.First, missed.Ending, missed.Last).Should().Be((first, ending, last));
    }

    [Fact]
    public async Task Many_writers_of_one_stream_read_what_they_missed_and_decide_anew()
    {
        var end = await log.ReadEndAsync(SomeStream, default);
        var writers = Enumerable.Range(0, 5).Select(_ => Tail(end, AppendPolicy.ManyWriters)).ToArray();

        foreach (var round in Enumerable.Range(0, 10))
        {
            foreach (var writer in writers)
                (await writer.AppendAsync([Commands.Persist("x")], context, default)).Outcome.Should().BeOfType<AppendOutcome.Appended>();
        }

        var chunks = (await store.StoredAsync(SomeStream)).Select(e => e.Event).OfType<StreamEvent.ChunkPersisted>().ToList();
        chunks.Select(chunk => chunk.Index).Should().Equal(Enumerable.Range(0, 51));
        await writers[0].AppendAsync([Commands.Complete()], context, default);
        (await writers[1].AppendAsync([Commands.Persist("late")], context, default)).Decision
            .Should().Be(new Decision.Rejected(Rejection.StreamEnded));
    }

    [Fact]
    public async Task Every_event_of_an_append_has_its_own_actor_and_correlation()
    {
        await tail.AppendAsync(
            [
                new Intent(Commands.Persist("b"), context with { Actor = "ann", CorrelationId = "c-1" }),
                new Intent(Commands.Persist("c"), context with { Actor = "bob" }),
            ],
            default);

        var stored = await store.StoredAsync(SomeStream);
        stored.Skip(3).Select(e => e.Context).Should().Equal(
            new EventContext(Node, 1, "ann", "c-1"), new EventContext(Node, 1, "bob"));
    }

    private StreamTail Tail(LastEvents? end = null, AppendPolicy policy = AppendPolicy.OneWriter) =>
        new(SomeStream, end, log, () => new AppendId(Guid.NewGuid()), policy);

    private Task<(Decision Decision, AppendOutcome? Outcome)> AppendAsync(params StreamCommand[] commands) =>
        tail.AppendAsync(commands, context, default);
}
