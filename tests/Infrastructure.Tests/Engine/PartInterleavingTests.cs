using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>Whatever a source says, in whatever order, over whatever log: what the driver was told, what the log holds
/// and what the source wrote is one answer.</summary>
public sealed class PartInterleavingTests
{
    private static readonly string[] Pieces = ["a", "An end. ", "line\n", "漢字", "😀", "\ud83d", "\ude00", "b\ud83d", "\ude00c", "\"\\", "\0"];

    private static readonly PartStart[] Starts =
    [
        new(PartKinds.Reasoning), new(PartKinds.Text), new(PartKinds.ToolCall) { Name = "f", CallId = "", Encoding = PartEncoding.Json },
        new("x-1") { Detail = "{ \"a\" : 1 }" },
    ];

    private static readonly PartEnd[] Ends = [new(), new() { Detail = "{\"n\":1}" }, new() { Error = "It failed." }];

    private static readonly Gen<Step[]> Steps = Gen.Frequency(
        (10, Gen.Elements(Pieces).Select(piece => new Step(What.Body, 0, piece))),
        (12, Gen.Choose(0, 9).Zip(Gen.Elements(Pieces)).Select(both => new Step(What.Text, both.Item1, both.Item2))),
        (2, Gen.Choose(0, Pieces.Length - 1).Select(one => new Step(What.Body, 0, string.Concat(Enumerable.Repeat(Pieces[one], 3000))))),
        (4, Gen.Choose(0, 9).Select(one => new Step(What.Start, one, ""))),
        (3, Gen.Choose(0, 9).Select(one => new Step(What.End, one, ""))),
        (2, Gen.Elements(new Step(What.Hold, 0, ""), new Step(What.Release, 0, ""))),
        (2, Gen.Constant(new Step(What.Wait, 0, "")))).ArrayOf();

    [Fact]
    public async Task The_driver_the_log_and_the_source_have_one_answer()
    {
        await using var run = await Run.StartAsync();
        foreach (var steps in Steps.Sample(120, 60))
        {
            var (said, id, driver) = await run.SayAsync(steps, end: true);
            (await driver.End)!.Status.Should().Be(StreamStatus.Done);

            var events = await run.Node.EventsAsync(id);
            var held = History.Content(events);
            var because = string.Join(' ', steps.Select(step => step.ToString()));
            held.Items.Should().Equal(said.Items, because);
            driver.Content.Items.Should().Equal(said.Items, because);
            CheckMarks(events, said);
        }
    }

    [Fact]
    public async Task Of_a_node_that_dies_the_log_holds_a_beginning_and_says_what_was_cut_off()
    {
        await using var run = await Run.StartAsync();
        foreach (var steps in Steps.Sample(25, 40))
        {
            var (said, id, _) = await run.SayAsync(steps, end: false);
            await run.DieAsync(id);

            var events = await run.Node.EventsAsync(id);
            var held = History.Content(events);
            held.Items.OfType<ContentItem.Part>().Should().NotContain(part => part.State == PartState.Open);
            said.Mark.Covers(History.Content(events.SkipLast(1)).Mark).Should().BeTrue();
            string Body(AnswerContent of) => string.Concat(of.Items.OfType<ContentItem.Body>().Select(body => body.Text));
            Body(said).Should().StartWith(Body(held));
            var parts = said.Items.OfType<ContentItem.Part>().ToList();
            foreach (var part in held.Items.OfType<ContentItem.Part>())
            {
                parts[part.Number - 1].Text.Should().StartWith(part.Text);
                (parts[part.Number - 1] with { Text = "", State = default, End = null }).Should().Be(part with { Text = "", State = default, End = null });
            }
        }
    }

    /// <summary>Every place in the log is a place in what was said, and each covers those before it.</summary>
    private static void CheckMarks(List<RecordedEvent> events, AnswerContent said)
    {
        var (content, before) = (new AnswerContent(), ContentMark.None);
        foreach (var recorded in events)
        {
            content.Apply(recorded);
            content.Mark.Covers(before).Should().BeTrue();
            if (content.Mark != before) before.Covers(content.Mark).Should().BeFalse();
            said.Mark.Covers(content.Mark).Should().BeTrue();
            before = content.Mark;
        }

        before.Should().Be(said.Mark);
    }

    private enum What
    {
        Body,
        Text,
        Start,
        End,
        Hold,
        Release,
        Wait,
    }

    private sealed record Step(What What, int Which, string Piece)
    {
        public override string ToString() => Piece.Length is 0 or > 20 ? $"{What}{Which}" : $"{What}{Which}'{Convert.ToHexString(System.Text.Encoding.BigEndianUnicode.GetBytes(Piece))}'";
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly ManualTime time = new();
        private readonly ScriptedSource source = new();
        private readonly InMemoryStore store;
        private EngineNode dying = null!;
        private int streams;

        private Run() => store = new InMemoryStore(time);

        public EngineNode Node { get; private set; } = null!;

        public static async Task<Run> StartAsync()
        {
            var run = new Run();
            run.Node = await run.StartAsync("living");
            run.dying = await run.StartAsync("dying");
            return run;
        }

        /// <returns>What was said, as it is to be read.</returns>
        public async Task<(AnswerContent Said, StreamId Id, DriverReader Driver)> SayAsync(Step[] steps, bool end)
        {
            var id = await dying.CreateAsync($"s{++streams}");
            var driver = await dying.DriveWithPartsAsync(id);
            var output = await source.For(id).OutputAsync();
            var (said, open) = (new AnswerContent(), new List<Saying>());
            var body = new SurrogateNormalizer();
            foreach (var (what, which, piece) in steps)
            {
                var at = open.Count == 0 ? null : open[which % open.Count];
                switch (what)
                {
                    case What.Body:
                        _ = output.AppendAsync(piece);
                        if (body.Next(piece) is { Length: > 0 } more) said.AddBody(more);
                        break;
                    case What.Start when open.Count < PartLimits.OpenParts:
                        var start = Starts[which % Starts.Length] with { Of = which % 3 == 0 && said.Parts > 0 ? said.Parts : null };
                        open.Add(new Saying(output.StartPart(start), start));
                        said.Start(said.Parts + 1, start);
                        break;
                    case What.Text when at is { Start.Kind: not PartKinds.Text }:
                        at.Say(piece, said);
                        break;
                    case What.End when at is not null:
                        open.Remove(at);
                        at.End(Ends[which % Ends.Length], said);
                        break;
                    case What.Hold:
                        dying.Faults.GoAway();
                        break;
                    case What.Release:
                        dying.Faults.ComeBack();
                        break;
                    case What.Wait:
                        time.Advance(TimeSpan.FromMilliseconds(100));
                        break;
                }
            }

            if (!end) return (said, id, driver);
            dying.Faults.ComeBack();
            source.For(id).End();
            if (body.Finish() is { Length: > 0 } rest) said.AddBody(rest);
            foreach (var part in open) part.Finish(said);
            said.CutOff();
            return (said, id, driver);
        }

        /// <summary>The node that drives is gone, and the other one ends the stream.</summary>
        public async Task DieAsync(StreamId id)
        {
            dying.Faults.GoAway();
            await Eventually.UntilAsync("the other node has ended it", async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return (await Node.EventsAsync(id))[^1].Event.IsEnding;
            });
            await dying.DisposeAsync();
            dying = await StartAsync($"dying{streams}");
        }

        public async ValueTask DisposeAsync()
        {
            await dying.DisposeAsync();
            await Node.DisposeAsync();
        }

        private Task<EngineNode> StartAsync(string name) =>
            EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], name, new StreamEngineOptions
            {
                Driving = new DrivingLimits { UnsavedLimit = long.MaxValue },
                SweepInterval = TimeSpan.FromMinutes(5),
            });
    }

    /// <summary>A part as its source says it, and as it is to be read.</summary>
    private sealed class Saying(IPartAppender part, PartStart start)
    {
        private SurrogateNormalizer normalizer;

        public PartStart Start => start;

        public void Say(string piece, AnswerContent said)
        {
            _ = part.AppendAsync(piece).AsTask();
            if (normalizer.Next(piece) is { Length: > 0 } more) said.AddText(part.Number, more);
        }

        public void End(PartEnd end, AnswerContent said)
        {
            _ = part.EndAsync(end).AsTask();
            Finish(said);
            said.End(part.Number, end);
        }

        public void Finish(AnswerContent said)
        {
            if (normalizer.Finish() is { Length: > 0 } rest) said.AddText(part.Number, rest);
        }
    }
}
