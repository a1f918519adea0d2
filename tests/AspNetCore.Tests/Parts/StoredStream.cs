using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.AspNetCore.Tests.Parts;

/// <summary>A stream that a test writes into the log itself, command by command, so that each event is where the test
/// wants it.</summary>
internal sealed class StoredStream(TextStreamsApp app, string id)
{
    /// <summary>Not the server's own, which would end what it does not drive.</summary>
    private static readonly NodeRun Driver = new("elsewhere", "run-1");

    private static readonly EventContext Context = new(Driver, 1, EventContext.Anonymous);

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
        .Add(new Start(Driver, null, null, "0.1.0") { At = Scenario.Noon });

    public StoredStream Body(string text) => Add(new PersistChunk(text, Scenario.Noon) { At = Scenario.Noon });

    public StoredStream Start(PartStart part) => Add(new StartPart(part, Scenario.Noon) { At = Scenario.Noon });

    public StoredStream Text(int part, string text) => Add(new PersistPart(part, text, Scenario.Noon) { At = Scenario.Noon });

    public StoredStream End(int part, PartEnd? end = null) => Add(new EndPart(part, end ?? new(), Scenario.Noon) { At = Scenario.Noon });

    /// <summary>A part that is whole.</summary>
    public StoredStream Part(int number, PartStart part, params string[] texts) =>
        texts.Aggregate(Start(part), (stream, text) => stream.Text(number, text)).End(number);

    public StoredStream Done() => Add(new Complete("stop", """{"total_tokens":3}""") { At = Scenario.Noon.AddSeconds(2) });

    public StoredStream Failed() => Add(new Fail("demo-failed", "As asked.") { At = Scenario.Noon.AddSeconds(2) });

    /// <summary>Writes what was added, in as few appends as may be.</summary>
    public async Task<StoredStream> WrittenAsync()
    {
        for (var at = 0; at < commands.Count;)
        {
            var (some, chars) = (new List<StreamCommand>(), 0);
            while (at < commands.Count && some.Count < 500 && (some.Count == 0 || chars + CharsOf(commands[at]) < 150_000))
            {
                chars += CharsOf(commands[at]);
                some.Add(commands[at++]);
            }

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

    /// <summary>Writes what was added, and notes behind it, as any writer may leave them.</summary>
    /// <param name="type">Known to the test.</param>
    public async Task<StoredStream> NotedAsync(string type, int notes = 1)
    {
        await WrittenAsync();
        if (notes == 0) return this;
        var note = new StreamNote(type) { At = Scenario.Noon };
        var outcome = await app.Engine.Log.AppendAsync(
            new Append(new AppendId(Guid.NewGuid()), Id, head, [.. Enumerable.Repeat(note, notes)], Context), default);
        head = outcome.Should().BeOfType<AppendOutcome.Appended>().Subject.Head;
        return this;
    }

    private static int CharsOf(StreamCommand command) => command switch
    {
        PersistChunk e => e.Text.Length,
        PersistPart e => e.Text.Length,
        StartPart e => e.What.Detail?.Length ?? 0,
        _ => 0,
    };

    private StoredStream Add(StreamCommand command)
    {
        commands.Add(command);
        return this;
    }
}
