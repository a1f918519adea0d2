using System.Text;
using static EventSourcedStreams.Domain.StreamEvent;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class TextStreamDecideTests
{
    private static readonly Dictionary<string, StreamEvent[]> Histories = new()
    {
        ["missing"] = [],
        ["pending"] = [Created()],
        ["streaming"] = [Created(), Started(), Chunk(0, 0, "hä")],
        ["ended"] = [Created(), Started(), Completed()],
        ["deleted"] = [Created(), Started(), Completed(), Deleted(StreamStatus.Done)],
    };

    private static readonly Dictionary<string, StreamCommand> All = new()
    {
        ["create"] = Commands.Create(),
        ["start"] = Commands.Start(),
        ["persist"] = Commands.Persist("text"),
        ["persist nothing"] = Commands.Persist(""),
        ["complete"] = Commands.Complete(),
        ["fail"] = Commands.Fail(),
        ["cancel"] = Commands.Cancel(),
        ["time out"] = Commands.TimeOut(),
        ["delete"] = Commands.Delete(),
    };

    /// <summary>One row a command: an event's name, "so already" for no event, or the refusal.</summary>
    public static TheoryData<string, string[]> Rules => new()
    {
        //                   missing          pending             streaming          ended          deleted
        { "create",          ["StreamCreated", "AlreadyExists",    "AlreadyExists",   "AlreadyExists", "Deleted"] },
        { "start",           ["UnknownStream", "StreamStarted",    "AlreadyDriven",   "StreamEnded",   "Deleted"] },
        { "persist",         ["UnknownStream", "NotStarted",       "ChunkPersisted",  "StreamEnded",   "Deleted"] },
        { "persist nothing", ["UnknownStream", "EmptyChunk",       "EmptyChunk",      "EmptyChunk",    "Deleted"] },
        { "complete",        ["UnknownStream", "NotStarted",       "StreamCompleted", "so already",    "Deleted"] },
        { "fail",            ["UnknownStream", "NotStarted",       "StreamFailed",    "so already",    "Deleted"] },
        { "cancel",          ["UnknownStream", "StreamCancelled",  "StreamCancelled", "so already",    "Deleted"] },
        { "time out",        ["UnknownStream", "StreamTimedOut",   "StreamTimedOut",  "so already",    "Deleted"] },
        { "delete",          ["UnknownStream", "StreamDeleted",    "StillStreaming",  "StreamDeleted", "so already"] },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_command_has_its_answer_in_every_state(string command, string[] answers)
    {
        foreach (var ((state, history), answer) in Histories.Zip(answers))
            Word(StreamRules.Decide(All[command], Past(history))).Should().Be(answer, "that is the answer to {0} when {1}", command, state);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("fail")]
    [InlineData("cancel")]
    [InlineData("time out")]
    [InlineData("delete")]
    public void A_retried_command_yields_no_events(string name)
    {
        StreamEvent[] history = name == "delete" ? [Created()] : [Created(), Started()];
        var first = StreamRules.Decide(All[name], Past(history)).Should().BeOfType<Decision.Accepted>().Subject;

        var again = StreamRules.Decide(All[name], Past([.. history, .. first.Events]));

        again.Should().BeOfType<Decision.Accepted>().Which.Events.Should().BeEmpty();
    }

    [Fact]
    public void Creating_notes_what_was_asked_for()
    {
        var command = Commands.Create("{\"a\":1}", "input", "source");

        Events(command).Should().Equal(new StreamCreated(
            SomeStream, "demo", "{\"a\":1}", "text/plain; charset=utf-8", TimeSpan.FromMinutes(20), null, Labels.None,
            Names.From(["source", "input"]))
        { At = Noon });
    }

    [Fact]
    public void Starting_takes_the_source_that_the_stream_was_created_with() =>
        Events(new StreamCommand.Start(Node, "acme", "m-1", "2.0") { At = Noon }, Created() with { Source = "openai" })
            .Should().Equal(new StreamStarted(1, Node, "openai", "acme", "m-1", "2.0") { At = Noon });

    [Fact]
    public void A_chunk_takes_the_next_index_and_the_offset_in_bytes() =>
        Events(
                new StreamCommand.PersistChunk("lo", Noon.AddSeconds(1)) { At = Noon.AddSeconds(2) },
                Created(), Started(), Chunk(0, 0, "h😀"))
            .Should().Equal(new ChunkPersisted(1, 5, "lo", Noon.AddSeconds(1)) { At = Noon.AddSeconds(2) });

    [Fact]
    public void Every_ending_says_how_much_there_is()
    {
        StreamEvent[] history = [Created(), Started(), Chunk(0, 0, "hä"), Chunk(1, 3, "llo")];

        Events(Commands.Complete("stop", "{}"), history).Should().Equal(new StreamCompleted(6, 2, "stop", "{}") { At = Noon });
        Events(Commands.Fail(), history).Should().Equal(new StreamFailed("broken", "It broke.", 6, 2) { At = Noon });
        Events(Commands.Cancel("eve", "enough"), history).Should().Equal(new StreamCancelled("eve", "enough", Noon, 6, 2) { At = Noon });
        Events(Commands.TimeOut(), history).Should().Equal(new StreamTimedOut(TimeSpan.FromMinutes(20), Noon, 6, 2) { At = Noon });
        Events(Commands.Delete("eve", "privacy"), [.. history, Completed(6, 2)])
            .Should().Equal(new StreamDeleted("eve", "privacy", StreamStatus.Done, 6, 2) { At = Noon });
    }

    [Fact]
    public void What_never_began_ends_empty()
    {
        Events(Commands.Cancel(), Created()).Should().Equal(Cancelled());
        Events(Commands.TimeOut(), Created()).Should().Equal(TimedOut());
        Events(Commands.Delete(), Created()).Should().Equal(Deleted(StreamStatus.Pending));
    }

    [Fact]
    public void What_is_too_long_is_cut_when_the_event_is_built()
    {
        var tooLong = new string('ä', 5000);
        StreamEvent[] history = [Created(), Started()];
        var completed = (StreamCompleted)Events(Commands.Complete(tooLong, tooLong), history).Single();
        var failed = (StreamFailed)Events(Commands.Fail(tooLong, tooLong), history).Single();
        var cancelled = (StreamCancelled)Events(Commands.Cancel(tooLong, tooLong), history).Single();
        var deleted = (StreamDeleted)Events(Commands.Delete(tooLong, tooLong), Created()).Single();

        foreach (var text in new[] { completed.FinishReason, failed.Message, cancelled.Reason, deleted.Reason })
            Encoding.UTF8.GetByteCount(text!).Should().Be(TextLimits.MessageBytes);
        foreach (var text in new[] { cancelled.By, deleted.By }) Encoding.UTF8.GetByteCount(text).Should().Be(TextLimits.ActorBytes);
        Encoding.UTF8.GetByteCount(failed.Code).Should().Be(TextLimits.CodeBytes);
        completed.Usage.Should().BeNull("half of it would not be JSON");
    }

    [Fact]
    public void A_create_is_known_again_by_what_the_client_gave()
    {
        static bool SameJson(string a, string b) =>
            a.Replace(" ", "", StringComparison.Ordinal) == b.Replace(" ", "", StringComparison.Ordinal);
        var create = Commands.Create("{\"a\": 1}", "source", "input");
        var created = (StreamCreated)Events(create).Single();

        create.Repeats(created, SameJson).Should().BeTrue();
        (create with { Input = "{\"a\":1}" }).Repeats(created, SameJson).Should().BeTrue();
        (create with { IdleTimeout = TimeSpan.FromHours(1) }).Repeats(created, SameJson).Should().BeTrue("only a default has changed");

        (create with { Input = "{\"a\":2}" }).Repeats(created, SameJson).Should().BeFalse();
        (create with { Input = null }).Repeats(created, SameJson).Should().BeFalse();
        (create with { Source = "openai" }).Repeats(created, SameJson).Should().BeFalse();
        (create with { Given = Names.From(["input"]) }).Repeats(created, SameJson).Should().BeFalse();
        (create with { Labels = Labels.From([new("a", "b")]) }).Repeats(created, SameJson).Should().BeFalse();

        var timed = create with { Given = Names.From(["idleTimeoutSeconds", "retainSeconds"]), Retain = TimeSpan.FromDays(1) };
        var timedCreated = (StreamCreated)Events(timed).Single();
        (timed with { IdleTimeout = TimeSpan.FromHours(1) }).Repeats(timedCreated, SameJson).Should().BeFalse();
        (timed with { Retain = null }).Repeats(timedCreated, SameJson).Should().BeFalse();
    }

    private static StreamState Past(params StreamEvent[] events) =>
        events.Aggregate((StreamState)new StreamState.Missing(), StreamRules.Evolve);

    private static IReadOnlyList<StreamEvent> Events(StreamCommand command, params StreamEvent[] history) =>
        StreamRules.Decide(command, Past(history)).Should().BeOfType<Decision.Accepted>().Subject.Events;

    private static string Word(Decision decision) => decision switch
    {
        Decision.Rejected(var why) => why.ToString(),
        Decision.Accepted { Events: [] } => "so already",
        Decision.Accepted { Events: [var one] } => one.GetType().Name,
        _ => decision.ToString(),
    };
}
