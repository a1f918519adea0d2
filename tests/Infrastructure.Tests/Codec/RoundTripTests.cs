using EventSourcedStreams.Domain;
using FsCheck;
using FsCheck.Fluent;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class RoundTripTests
{
    private static readonly StreamHead Before = new(Revision.From(4), ChainHash.Origin);

    /// <summary>Any text of whole code points, the odd ones often.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.Choose(0, 0x1F).Select(c => $"{(char)c}"),
            Gen.Choose(0x20, 0x2FF).Select(c => $"{(char)c}"),
            Gen.Choose(0x300, 0xD7FF).Select(c => $"{(char)c}"),
            Gen.Choose(0xE000, 0xFFFF).Select(c => $"{(char)c}"),
            Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32),
            Gen.Elements("\"", "\\", "\\u0041", "/", "\u2028", "\u2029", "\ufeff", "\ufffd", "👩‍🚀", "🇩🇪", "e\u0301", "}", ",\"hash\":\""))
        .ListOf().Select(string.Concat);

    [Fact]
    public void Any_text_comes_back() => Check(Texts, text => new ChunkPersisted(1, 2, text, StoredSamples.At) { At = StoredSamples.At });

    [Fact]
    public void Any_labels_come_back() => Check(
        from names in Texts.ListOf()
        from value in Texts
        select Labels.From(names.Distinct().Select(name => KeyValuePair.Create(name, value))),
        labels => (StreamCreated)StoredSamples.Events["StreamCreated.full"].Event with { Labels = labels });

    [Fact]
    public void Any_time_comes_back_to_its_tick() => Check(
        Gen.Choose(0, int.MaxValue).Two(),
        parts => new ChunkPersisted(0, 0, "x", DateTimeOffset.UnixEpoch.AddSeconds(parts.Item1)) { At = StoredSamples.At.AddTicks(parts.Item2) });

    [Fact]
    public void Any_duration_comes_back_to_its_millisecond() => Check(
        Gen.Choose(0, int.MaxValue),
        milliseconds => new StreamTimedOut(TimeSpan.FromMilliseconds(milliseconds), StoredSamples.At, 1, 1) { At = StoredSamples.At });

    [Fact]
    public void Any_context_comes_back() => Prop.ForAll(
        Texts.Four().ToArbitrary(),
        texts =>
        {
            var context = new EventContext(new NodeRun(texts.Item1, texts.Item2), 1, texts.Item3, texts.Item4, texts.Item1);
            var stored = StoredSamples.Store(new StreamCompleted(0, 0, null, null) { At = StoredSamples.At }, context, Before);
            StreamCodec.Decode(StoredSamples.Id, stored).Context.Should().Be(context);
        }).QuickCheckThrowOnFailure();

    private static void Check<T>(Gen<T> values, Func<T, StreamEvent> make) => Prop.ForAll(
        values.ToArbitrary(),
        value =>
        {
            var @event = make(value);
            StreamCodec.Decode(StoredSamples.Id, StoredSamples.Store(@event, StoredSamples.Bare, Before)).Event.Should().Be(@event);
        }).QuickCheckThrowOnFailure();
}
