using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class GoldenTests
{
    private static readonly StreamHead Before = new(Revision.From(4), new ChainHash([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));

    public static TheoryData<string> Shapes => [.. StoredSamples.Events.Keys];

    public static TheoryData<string> ServiceShapes => [.. StoredSamples.ServiceEvents.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_texts_event_is_written_as_it_always_was(string shape)
    {
        var (@event, context) = StoredSamples.Events[shape];
        var expected = @event is StreamEvent.StreamCreated ? StreamHead.None : Before;
        var encoded = StreamCodec.Encode(new Append(StoredSamples.AppendId, StoredSamples.Id, expected, [@event], context));
        var stored = encoded.Events[0];

        Golden.Check(shape, Golden.Text(
            ("stream", $"\"{StoredSamples.Id}\""),
            ("previousHash", $"\"{expected.Hash}\""),
            ("revision", $"{encoded.Head.Revision}"),
            ("eventId", $"\"{stored.Id}\""),
            ("type", $"\"{stored.Type}\""),
            ("contentType", $"\"{stored.ContentType}\""),
            ("data", Golden.Utf8(stored.Data)),
            ("metadata", Golden.Utf8(stored.Metadata)),
            ("hash", $"\"{encoded.Head.Hash}\"")));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_texts_event_that_was_ever_written_is_read(string shape)
    {
        var golden = Golden.Read(shape);
        var (@event, context) = StoredSamples.Events[shape];

        var recorded = StreamCodec.Decode(StoredSamples.Id, Stored(golden));

        recorded.Event.Should().Be(@event);
        recorded.Context.Should().Be(context);
        recorded.Hash.ToString().Should().Be(Unquoted(golden["hash"]));
        recorded.Id.Should().Be(StoredSamples.AppendId.EventAt(0));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Anybody_can_compute_the_hash_from_what_is_stored(string shape)
    {
        var golden = Golden.Read(shape);
        var previous = NaiveChain.FromBase64Url(Unquoted(golden["previousHash"]));

        var hash = NaiveChain.Next(previous, Unquoted(golden["stream"]), Stored(golden));

        NaiveChain.ToBase64Url(hash).Should().Be(Unquoted(golden["hash"]));
    }

    [Theory]
    [MemberData(nameof(ServiceShapes))]
    public void A_nodes_event_is_written_and_read_as_it_always_was(string shape)
    {
        var @event = StoredSamples.ServiceEvents[shape];
        var context = @event is ServiceEvent.StreamCancelRequested { Reason: not null } ? StoredSamples.Full : StoredSamples.Bare;
        var stored = ServiceCodec.Encode(@event, StoredSamples.AppendId.EventAt(0), context);

        Golden.Check(shape, Golden.Text(
            ("type", $"\"{stored.Type}\""),
            ("contentType", $"\"{stored.ContentType}\""),
            ("data", Golden.Utf8(stored.Data)),
            ("metadata", Golden.Utf8(stored.Metadata))));
        ServiceCodec.Decode(StoredSamples.Stored(stored, 0)).Should().Be((@event, context));
    }

    [Fact]
    public void What_is_kept_with_a_tombstone_is_written_as_it_always_was()
    {
        var metadata = TombstoneMetadata.Write(new Deletion("carol", StoredSamples.At, Before));

        Golden.Check("Tombstone", Golden.Text(("metadata", Golden.Utf8(metadata))));
    }

    [Fact]
    public void Every_event_has_its_golden_files()
    {
        static IEnumerable<Type> Cases(Type family) => family.GetNestedTypes().Where(type => family.IsAssignableFrom(type) && !type.IsAbstract);

        StoredSamples.Events.Values.Select(e => e.Event.GetType()).Distinct().Should().BeEquivalentTo(Cases(typeof(StreamEvent)));
        StoredSamples.ServiceEvents.Values.Select(e => e.GetType()).Distinct().Should().BeEquivalentTo(Cases(typeof(ServiceEvent)));
    }

    private static string Unquoted(string json) => JsonSerializer.Deserialize<string>(json)!;

    private static StoredEvent Stored(IReadOnlyDictionary<string, string> golden) => StoredSamples.Stored(
        new NewEvent(
            new EventId(Guid.Parse(Unquoted(golden["eventId"]))),
            Unquoted(golden["type"]),
            Unquoted(golden["contentType"]),
            Encoding.UTF8.GetBytes(golden["data"]),
            Encoding.UTF8.GetBytes(golden["metadata"])),
        long.Parse(golden["revision"]));
}
