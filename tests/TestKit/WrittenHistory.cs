using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.TestKit;

/// <summary>A stream's events as its rules write them, command by command.</summary>
internal sealed class WrittenHistory
{
    private readonly List<StreamEvent> events = [];
    private StreamState state = new StreamState.Missing();
    private OpenParts open = OpenParts.None;

    public WrittenHistory(StreamCreated? created = null) => Add(created ?? Scenario.Created());

    public IReadOnlyList<StreamEvent> Events => events;

    public OpenParts Open => open;

    /// <summary>A stream with a part of each encoding, one within another, text around them, and one that is cut
    /// off.</summary>
    public static IReadOnlyList<StreamEvent> WithParts(string id = "s") => new WrittenHistory(Scenario.Created(id))
        .Then(new Start(Scenario.Node, "p", "m", "0.1.0") { At = Scenario.Noon })
        .Then(new StartPart(new PartStart(PartKinds.Reasoning), Scenario.Noon) { At = Scenario.Noon })
        .Then(new PersistPart(1, "Hm, ünd? ", Scenario.Noon) { At = Scenario.Noon })
        .Then(new EndPart(1, new PartEnd(), Scenario.Noon) { At = Scenario.Noon })
        .Then(new PersistChunk("It is ", Scenario.Noon) { At = Scenario.Noon })
        .Then(new StartPart(
            new PartStart(PartKinds.ToolCall) { Name = "weather", CallId = "c1", Encoding = PartEncoding.Json, Detail = """{"executed":"app"}""" }, Scenario.Noon)
        { At = Scenario.Noon })
        .Then(new PersistPart(2, """{"town":""", Scenario.Noon) { At = Scenario.Noon })
        .Then(new PersistPart(2, "\"Ulm\"}", Scenario.Noon) { At = Scenario.Noon })
        .Then(new EndPart(2, new PartEnd { Detail = """{"title":"Weather"}""" }, Scenario.Noon) { At = Scenario.Noon })
        .Then(new StartPart(new PartStart(PartKinds.ToolResult) { Of = 2, CallId = "c1" }, Scenario.Noon) { At = Scenario.Noon })
        .Then(new EndPart(3, new PartEnd { Error = "No such \"town\"." }, Scenario.Noon) { At = Scenario.Noon })
        .Then(new PersistChunk("unknown.", Scenario.Noon) { At = Scenario.Noon })
        .Then(new StartPart(new PartStart(PartKinds.File) { Name = "map.png", MediaType = "image/png", Encoding = PartEncoding.Base64 }, Scenario.Noon) { At = Scenario.Noon })
        .Then(new PersistPart(4, "iVBORw0K", Scenario.Noon) { At = Scenario.Noon })
        .Then(new Complete("stop", null) { At = Scenario.Noon })
        .Events;

    /// <summary>What the rules refuse changes nothing.</summary>
    public WrittenHistory Then(StreamCommand command)
    {
        if (StreamRules.Decide(command, state, open) is not Decision.Accepted(var decided)) return this;
        foreach (var @event in decided) Add(@event);
        return this;
    }

    private void Add(StreamEvent @event)
    {
        state = StreamRules.Evolve(state, @event);
        open = open.After(@event);
        events.Add(@event);
    }
}
