using System.Text;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>What is read quickly because it looks like the event before is the same as what is read field by
/// field.</summary>
public sealed class RepeatedMetadataTests
{
    private static readonly StoredEvent Usual = StoredSamples.Store(
        new ChunkPersisted(3, 12, "Hello \"you\".\n", StoredSamples.At) { At = StoredSamples.At },
        StoredSamples.Full,
        new StreamHead(Revision.From(4), ChainHash.Origin));

    [Theory]
    [InlineData("\"at\":\"", "\"at\":\"1999-12-31T23:59:59.5Z\",\"at\":\"")]
    [InlineData("\"epoch\":", "\"at\":\"1999-12-31T23:59:59.5Z\",\"epoch\":")]
    [InlineData("\"at\":\"2", "\"at\":\"\\u0032")]
    [InlineData("\"at\":\"2", "\"at\":\"x")]
    [InlineData("Z\",", "+02:00\",")]
    [InlineData("Z\",", "\",")]
    [InlineData("\"v\":1", "\"v\":2")]
    [InlineData("\"v\":1", "\"v\": 1")]
    [InlineData("\"v\":1,", "\"later\":{},\"v\":1,")]
    [InlineData("\"epoch\":", "\"epoch\":1")]
    [InlineData("\"epoch\":", "\"epoch\":9999999999")]
    [InlineData("\"node\":{", "\"node\":[{")]
    [InlineData("\"hash\":", "\"hush\":")]
    public void Metadata(string part, string instead) => Same(Usual with { Metadata = Replaced(Usual.Metadata, part, instead) });

    [Theory]
    [InlineData("\"index\":3", "\"index\":4")]
    [InlineData("\"index\":3", "\"index\":3.0")]
    [InlineData("\"index\":3", "\"index\":9999999999")]
    [InlineData("\"index\":3", "\"index\":\"3\"")]
    [InlineData("\"index\":3,\"offset\":12", "\"offset\":12,\"index\":3")]
    [InlineData("\"index\":3,", "\"index\":3,\"index\":5,")]
    [InlineData("\"offset\":12,", "")]
    [InlineData("\"text\":\"", "\"text\":null,\"was\":\"")]
    [InlineData("Hello", "\\ud83d")]
    [InlineData("Hello", "\\u0000\\ud83d\\ude00")]
    [InlineData("Hello", "He\nllo")]
    [InlineData("Z\"}", "Z\",\"later\":true}")]
    [InlineData("Z\"}", "+02:00\"}")]
    [InlineData("Z\"}", "Z\"}{}")]
    [InlineData("Z\"}", "Z\"")]
    public void Data(string part, string instead) => Same(Usual with { Data = Replaced(Usual.Data, part, instead) });

    [Fact]
    public void Another_actor_is_told_from_the_one_before()
    {
        var other = Usual with { Metadata = Replaced(Usual.Metadata, "\"actor\":\"", "\"actor\":\"not ") };
        var repeated = new RepeatedMetadata();

        StreamCodec.Decode(StoredSamples.Id, Usual, repeated).Context.Actor.Should().Be(StoredSamples.Full.Actor);
        StreamCodec.Decode(StoredSamples.Id, other, repeated).Context.Actor.Should().Be("not " + StoredSamples.Full.Actor);
        StreamCodec.Decode(StoredSamples.Id, Usual, repeated).Context.Actor.Should().Be(StoredSamples.Full.Actor);
    }

    /// <summary>Twice after the usual one, since what was read may be kept for the next.</summary>
    private static void Same(StoredEvent stored)
    {
        var repeated = new RepeatedMetadata();
        var expected = Outcome(stored, null);

        Outcome(Usual, repeated).Should().Be(Outcome(Usual, null));
        Outcome(stored, repeated).Should().Be(expected);
        Outcome(stored, repeated).Should().Be(expected);
        Outcome(Usual, repeated).Should().Be(Outcome(Usual, null));
    }

    private static string Outcome(StoredEvent stored, RepeatedMetadata? repeated)
    {
        // Field by field: no event looks like the one before, and the data's fields come in another order.
        var asked = repeated is null ? stored with { Data = Reordered(stored.Data) } : stored;
        try
        {
            return StreamCodec.Decode(StoredSamples.Id, asked, repeated).ToString();
        }
        catch (LogDamagedException e)
        {
            return e.Message.Split(" LineNumber:")[0]; // the field in front moves what follows
        }
    }

    /// <summary>The same object with a field in front that is not known: it is not in the form that is read in one
    /// pass.</summary>
    private static byte[] Reordered(ReadOnlyMemory<byte> data) =>
        Encoding.UTF8.GetBytes("{\"later\":0," + Encoding.UTF8.GetString(data.Span)[1..]);

    private static byte[] Replaced(ReadOnlyMemory<byte> json, string part, string instead)
    {
        var text = Encoding.UTF8.GetString(json.Span);
        text.Should().Contain(part);
        return Encoding.UTF8.GetBytes(text.Replace(part, instead, StringComparison.Ordinal));
    }
}
