using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using FsCheck;
using FsCheck.Fluent;
using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Histories as the rules write them, stored as the codec writes them.</summary>
internal static class RandomStreams
{
    private static readonly Gen<string> Texts =
        Gen.Elements("a", "Sentence. ", "ü", "日本", "👩‍🚀", "\"", "\\", "\n", "\u2028", "\0", ",\"hash\":\"").NonEmptyListOf().Select(string.Concat);

    private static readonly Gen<StreamCommand> Commands = Gen.Frequency(
        (2, Gen.Constant<StreamCommand>(new Start(Scenario.Node, "p", "m", "0.1.0") { At = Scenario.Noon })),
        (12, Texts.Select(StreamCommand (text) => new PersistChunk(text, Scenario.Noon) { At = Scenario.Noon })),
        (3, Gen.Elements(
                new PartStart(PartKinds.Reasoning),
                new PartStart(PartKinds.Text) { Detail = """{"id":"a"}""" },
                new PartStart(PartKinds.ToolCall) { Name = "f", CallId = "", Encoding = PartEncoding.Json },
                new PartStart(PartKinds.ToolResult) { Of = 1, Detail = """{ "preliminary":true}""" },
                new PartStart("of-later") { MediaType = "image/png", Encoding = PartEncoding.Base64 })
            .Select(StreamCommand (start) => new StartPart(start, Scenario.Noon) { At = Scenario.Noon })),
        (8, Gen.Choose(1, 4).Zip(Texts).Select(StreamCommand (text) => new PersistPart(text.Item1, text.Item2, Scenario.Noon) { At = Scenario.Noon })),
        (3, Gen.Choose(1, 4).Zip(Gen.Elements(new PartEnd(), new PartEnd { Detail = "{}", Error = "No." }))
            .Select(StreamCommand (end) => new EndPart(end.Item1, end.Item2, Scenario.Noon) { At = Scenario.Noon })),
        (1, Gen.Elements<StreamCommand>(
            new Complete("stop", "{\"tokens\":1}") { At = Scenario.Noon },
            new Fail("provider", "It broke.") { At = Scenario.Noon },
            new Cancel("bob", "enough", Scenario.Noon) { At = Scenario.Noon },
            new TimeOut(TimeSpan.FromMinutes(1), Scenario.Noon) { At = Scenario.Noon })),
        (1, Gen.Constant<StreamCommand>(new Delete("carol", null) { At = Scenario.Noon })));

    public static Gen<List<StreamEvent>> Histories { get; } = Commands.ListOf().Select(commands =>
    {
        var history = new WrittenHistory();
        foreach (var command in commands) history.Then(command);
        return history.Events.ToList();
    });

    /// <param name="epochs">One an event; without them 0 before the start and the start's from there on.</param>
    public static List<StoredEvent> Stored(IEnumerable<StreamEvent> history, IReadOnlyList<int>? epochs = null)
    {
        var stored = new List<StoredEvent>();
        var (head, epoch) = (StreamHead.None, 0);
        foreach (var @event in history)
        {
            epoch = epochs?[stored.Count] ?? (@event is StreamEvent.StreamStarted started ? started.Epoch : epoch);
            var encoded = StreamCodec.Encode(new Append(
                new AppendId(Guid.NewGuid()), Scenario.SomeStream, head, [@event], new EventContext(Scenario.Node, epoch, "alice")));
            var (id, type, contentType, data, metadata) = encoded.Events[0];
            head = encoded.Head;
            var position = (ulong)stored.Count + 1;
            stored.Add(new StoredEvent(
                "text-s", head.Revision.Value, new LogPosition(position, position), Scenario.Noon, id, type, contentType, data, metadata));
        }

        return stored;
    }

    /// <param name="bit">Of data and metadata, one behind the other; counted on from the beginning where it is
    /// beyond.</param>
    public static StoredEvent WithFlippedBit(StoredEvent stored, int bit)
    {
        var at = bit / 8 % (stored.Data.Length + stored.Metadata.Length);
        var (data, metadata) = (stored.Data.ToArray(), stored.Metadata.ToArray());
        if (at < data.Length) data[at] ^= (byte)(1 << (bit % 8));
        else metadata[at - data.Length] ^= (byte)(1 << (bit % 8));
        return stored with { Data = data, Metadata = metadata };
    }
}
