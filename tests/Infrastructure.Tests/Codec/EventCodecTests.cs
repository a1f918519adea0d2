using System.Text;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class EventCodecTests
{
    private static readonly StreamHead Before = new(Revision.From(4), ChainHash.Origin);

    private static readonly ChunkPersisted Chunk = new(0, 0, "Hello.", StoredSamples.At) { At = StoredSamples.At };

    [Fact]
    public void The_same_append_gives_the_same_bytes_and_its_events_own_ids()
    {
        var append = new Append(StoredSamples.AppendId, StoredSamples.Id, Before, [Chunk, Chunk with { Index = 1 }], StoredSamples.Full);
        var (first, second) = (StreamCodec.Encode(append), StreamCodec.Encode(append));

        second.Head.Should().Be(first.Head);
        first.Head.Revision.Value.Should().Be(6);
        first.Events.Select(e => e.Id.ToString()).Should().Equal(
            "f81d4fae-7dec-11d0-a765-00a0fffffffe", "f81d4fae-7dec-11d0-a765-00a0ffffffff");
        first.Events.Select(Text).Should().Equal(second.Events.Select(Text));
    }

    [Theory]
    [InlineData("Zażółć 漢字 👩‍🚀 𝒳 \ue000\ufdd0\u2028<>&'+/\u007f")]
    [InlineData("\U0010FFFF\U000E0001\U0001FAE8\u0378")]
    public void Letters_and_emoji_stand_as_they_are(string text)
    {
        Text(StoredSamples.Store(Chunk with { Text = text }, StoredSamples.Bare, Before).Data)
            .Should().Contain($"\"text\":\"{text}\"").And.NotContain("\\");
    }

    [Fact]
    public void An_encoded_text_is_as_long_as_the_limits_say()
    {
        static int Encoded(string text) =>
            StoredSamples.Store(Chunk with { Text = text }, StoredSamples.Bare, Before).Data.Length;

        for (var c = '\0'; c < 0x80; c++)
        {
            var more = c is '"' or '\\' or '\b' or '\f' or '\n' or '\r' or '\t' ? 1 : c < 0x20 ? 5 : 0;
            (Encoded($"{c}") - Encoded("")).Should().Be(1 + more, "that is what the batcher counts for U+{0:X4}", (int)c);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Decoded(StoredSamples.Store(Chunk with { Text = "a\ud83db" }, StoredSamples.Bare, Before))
            .Should().Be(Chunk with { Text = "a\ufffdb" });

    [Fact]
    public void What_was_received_as_JSON_is_kept_byte_for_byte()
    {
        const string Raw = """{"a":1,"a":1.0e+2 , "é\u00e9":"\ud83d"}""";
        var stored = StoredSamples.Store(new StreamCompleted(0, 0, null, Raw) { At = StoredSamples.At }, StoredSamples.Bare, Before);

        Text(stored.Data).Should().EndWith($",\"usage\":{Raw}}}");
        Decoded(stored).Should().BeOfType<StreamCompleted>().Which.Usage.Should().Be(Raw);
    }

    [Fact]
    public void A_null_that_was_received_is_not_nothing()
    {
        var created = (StreamCreated)StoredSamples.Events["StreamCreated.bare"].Event with { Input = "null" };

        Decoded(StoredSamples.Store(created, StoredSamples.Bare, StreamHead.None)).Should().Be(created);
    }

    [Fact]
    public void What_was_accepted_however_deep_can_be_read()
    {
        static StreamCompleted Nested(int depth) =>
            new(0, 0, null, new string('[', depth) + new string(']', depth)) { At = StoredSamples.At };

        var tooDeep = () => StoredSamples.Store(Nested(JsonFields.MaxDepth), StoredSamples.Bare, Before);
        tooDeep.Should().Throw<ArgumentException>();
        var deepest = Nested(JsonFields.MaxDepth - 1);
        Decoded(StoredSamples.Store(deepest, StoredSamples.Bare, Before)).Should().Be(deepest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1,\"length\":2")]
    public void What_is_not_JSON_is_not_stored_as_JSON(string raw)
    {
        var encode = () => StoredSamples.Store(
            new StreamCompleted(0, 0, null, raw) { At = StoredSamples.At }, StoredSamples.Bare, Before);

        encode.Should().Throw<ArgumentException>().WithMessage("*not JSON*");
    }

    [Fact]
    public void An_append_over_the_limit_is_refused()
    {
        var chunks = Enumerable.Range(0, 4).Select(i => Chunk with { Index = i, Text = new string('x', TextLimits.ChunkBytes) });
        var encode = () => StreamCodec.Encode(
            new Append(StoredSamples.AppendId, StoredSamples.Id, Before, [.. chunks], StoredSamples.Bare));

        encode.Should().Throw<ArgumentException>().WithMessage($"*{TextLimits.AppendBytes}*");
    }

    [Fact]
    public void Fields_that_a_newer_version_added_are_ignored()
    {
        foreach (var (@event, context) in StoredSamples.Events.Values)
        {
            var stored = StoredSamples.Store(@event, context, Before);
            var newer = stored with
            {
                Data = Bytes("""{"later":{"id":1},""" + Text(stored.Data)[1..]),
                Metadata = Bytes("""{"$later":[null],""" + Text(stored.Metadata)[1..]),
            };

            var recorded = StreamCodec.Decode(StoredSamples.Id, newer);

            recorded.Event.Should().Be(@event);
            recorded.Context.Should().Be(context);
        }
    }

    [Fact]
    public void An_unknown_type_is_damage_that_says_what_it_may_be()
    {
        var stored = StoredSamples.Store(Chunk, StoredSamples.Bare, Before) with { Type = "StreamTransmogrified" };

        Refusal(stored).Should().Contain("'StreamTransmogrified'").And.Contain("written by a newer version?");
    }

    [Fact]
    public void A_later_version_of_the_metadata_is_refused_in_words()
    {
        var stored = StoredSamples.Store(Chunk, StoredSamples.Bare, Before) with { Metadata = Bytes("""{"v":2,"moved":true}""") };

        Refusal(stored).Should().Contain("version 2").And.Contain("written by a newer version?");
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("[]", "{}")]
    [InlineData("""{"v":1}""", "{}")]
    [InlineData("\ufeff{}", "{}")]
    public void What_is_no_event_of_ours_is_damage_and_names_its_place(string metadata, string data)
    {
        var stored = StoredSamples.Store(Chunk, StoredSamples.Bare, Before) with { Metadata = Bytes(metadata), Data = Bytes(data) };

        Refusal(stored).Should().StartWith($"Stream text-{StoredSamples.Id}, revision 5: ");
    }

    [Theory]
    [InlineData("\"}", "\",\"x\":1}")]
    [InlineData("\"}", "\"} ")]
    [InlineData("\"hash\":", "\"Hash\":")]
    public void A_hash_that_is_not_the_last_is_none(string ending, string instead)
    {
        var stored = StoredSamples.Store(Chunk, StoredSamples.Bare, Before);
        var metadata = Text(stored.Metadata);
        var at = metadata.LastIndexOf(ending, StringComparison.Ordinal);

        Refusal(stored with { Metadata = Bytes(metadata[..at] + instead + metadata[(at + ending.Length)..]) })
            .Should().Contain("does not end with a hash");
    }

    [Fact]
    public void Half_a_character_in_a_stored_text_is_damage()
    {
        var stored = StoredSamples.Store(Chunk, StoredSamples.Bare, Before);
        var data = stored.Data.ToArray();
        data[data.AsSpan().IndexOf("Hello"u8)] = 0xC3;

        Refusal(stored with { Data = data }).Should().Contain("data");
    }

    private static StreamEvent Decoded(StoredEvent stored) => StreamCodec.Decode(StoredSamples.Id, stored).Event;

    private static string Refusal(StoredEvent stored)
    {
        var decode = () => StreamCodec.Decode(StoredSamples.Id, stored);
        return decode.Should().Throw<LogDamagedException>().Which.Message;
    }

    private static string Text(NewEvent e) => Text(e.Data) + Text(e.Metadata);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
