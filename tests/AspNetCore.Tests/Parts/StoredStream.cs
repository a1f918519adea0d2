using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.AspNetCore.Tests.Parts;

/// <summary>A stream that a test writes into the log itself, command by command, so that each event is where the test
/// wants it.</summary>
internal sealed class StoredStream(TextStreamsApp app, string id)
{
    private static readonly EventContext Context = new(Scenario.Node, 1, EventContext.Anonymous);

    private readonly List<StreamCommand> commands = [];
    private StreamState state = new StreamState.Missing();
    private OpenParts open = OpenParts.None;
    private StreamHead head;

    public StreamId Id { get; } = new(id);

    public long Revision => head.Revision.Value;

    public static StoredStream Begun(TextStreamsApp app, string id) => new StoredStream(app, id)
        .Add(new Create(
            new StreamId(id), "script", null, "text/plain; charset=utf-8", TimeSpan.FromMinutes(20), null, Labels.None, Names.None)
        { At = Scenario.Noon })
        .Add(new Start(Scenario.Node, null, null, "0.1.0") { At = Scenario.Noon });

    public StoredStream Body(string text) => Add(new PersistChunk(text, Scenario.Noon) { At = Scenario.Noon });

    public StoredStream Start(PartStart part) => Add(new StartPart(part, Scenario.Noon) { At = Scenario.Noon });

    public StoredStream Text(int part, string text) => Add(new PersistPart(part, text, Scenario.Noon) { At = Scenario.Noon });

    public StoredStream End(int part, PartEnd? end = null) => Add(new EndPart(part, end ?? new(), Scenario.Noon) { At = Scenario.Noon });

    /// <summary>A part that is whole.</summary>
    public StoredStream Part(int number, PartStart part, params string[] texts) =>
        texts.Aggregate(Start(part), (stream, text) => stream.Text(number, text)).End(number);

    public StoredStream Done() => Add(new Complete("stop", """{"total_tokens":3}""") { At = Scenario.Noon.AddSeconds(2) });

    public StoredStream Failed() => Add(new Fail("demo-failed", "As asked.") { At = Scenario.Noon.AddSeconds(2) });

    /// <summary>Writes what was added, in appends of so many events; a revision then names each event.</summary>
    public async Task<StoredStream> WrittenAsync()
    {
        foreach (var some in commands.Chunk(500))
        {
            var events = new List<StreamEvent>();
            foreach (var command in some)
            {
                var accepted = StreamRules.Decide(command, state, open).Should().BeOfType<Decision.Accepted>($"{command} can be").Subject;
                foreach (var @event in accepted.Events) (state, open) = (StreamRules.Evolve(state, @event), open.After(@event));
                events.AddRange(accepted.Events);
            }

            var outcome = await app.Engine.Log.AppendAsync(new Append(new AppendId(Guid.NewGuid()), Id, head, events, Context), default);
            head = outcome.Should().BeOfType<AppendOutcome.Appended>().Subject.Head;
        }

        commands.Clear();
        return this;
    }

    private StoredStream Add(StreamCommand command)
    {
        commands.Add(command);
        return this;
    }
}
