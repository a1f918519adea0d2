using System.Text;
using FsCheck;
using FsCheck.Fluent;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class ContentBatcherTests
{
    private readonly ContentBatcher batcher = new(BatchLimits.Default);

    [Fact]
    public void Nothing_is_never_due()
    {
        batcher.IsEmpty.Should().BeTrue();
        batcher.DueIn(Ms(0)).Should().BeNull();
        Take(batcher).Should().BeEquivalentTo(new { Chunks = Array.Empty<string>(), Bytes = 0L });
    }

    [Fact]
    public void Text_without_an_end_is_due_the_flush_interval_after_its_first_piece()
    {
        Add("one ", 1000);
        Add("two", 1090);

        batcher.DueIn(Ms(1090)).Should().Be(Ms(10));
        batcher.DueIn(Ms(1100)).Should().Be(TimeSpan.Zero);
        batcher.DueIn(Ms(1130)).Should().Be(Ms(-30));
    }

    [Theory]
    [InlineData("An end. ")]
    [InlineData("a line\n")]
    [InlineData("終わり。")]
    public void An_end_is_due_at_once_and_stays_so(string text)
    {
        Add(text, 0);
        Add("more", 1);

        batcher.DueIn(Ms(1)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_full_batch_is_due_at_once()
    {
        Add(new string('漢', (16 * 1024 / 3) - 1), 0);
        batcher.DueIn(Ms(0)).Should().Be(Ms(100));
        Add("漢漢", 0);

        batcher.Bytes.Should().BeGreaterThanOrEqualTo(16 * 1024);
        batcher.DueIn(Ms(0)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void A_batch_holds_all_of_it_and_says_since_when()
    {
        Add("An end. And ", 5);
        Add("ä lone toke", 7);

        Take(batcher).Should().BeEquivalentTo(new Taken(["An end. And ä lone toke"], 24, Noon + Ms(5)));

        batcher.IsEmpty.Should().BeTrue();
        batcher.Bytes.Should().Be(0);
        batcher.DueIn(Ms(7)).Should().BeNull();
        Add("n", 900);
        batcher.DueIn(Ms(900)).Should().Be(Ms(100), "its own first piece counts");
    }

    [Fact]
    public void A_full_stop_that_was_taken_still_ends_its_sentence_when_the_space_comes()
    {
        Add("An end.", 0);
        Take(batcher);
        Add(" Next", 200);

        batcher.DueIn(Ms(200)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void What_one_append_cannot_carry_is_due_at_once()
    {
        Add(new string('x', 1024 * 1024), 0);

        var batch = Take(batcher);

        batch.Chunks.Should().OnlyContain(chunk => chunk.Length <= 128 * 1024);
        batch.Bytes.Should().BeInRange(400 * 1024, 448 * 1024);
        batcher.Bytes.Should().Be((1024 * 1024) - batch.Bytes);
        batcher.DueIn(Ms(0)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Text_without_sentences_flows_once_each_flush_interval()
    {
        var (batches, text) = (0, new StringBuilder());
        for (var at = 0; at <= 5000; at += 10)
        {
            if (batcher.DueIn(Ms(at)) <= TimeSpan.Zero)
            {
                batches++;
                Take(batcher).Chunks.ToList().ForEach(chunk => text.Append(chunk));
            }

            if (at < 5000) Add("a.b", at);
        }

        batches.Should().Be(5000 / 100);
        text.ToString().Should().Be(string.Concat(Enumerable.Repeat("a.b", 500)));
        batcher.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Whatever_comes_and_whenever_it_is_taken_nothing_is_lost_and_every_limit_holds()
    {
        var anyPiece = Gen.Frequency(
            (8, Gen.Elements("a", "An end. ", "\n", "漢字", "😀", "\"")),
            (1, Gen.Elements('x', '漢', '\0', '\n', '"').Two().SelectMany(two => Gen.Choose(1, 150_000)
                .Select(n => new string(two.Item1, n) + "😀" + new string(two.Item2, n / 3)))),
            (1, Gen.Choose(1, 100_000).Select(n => string.Concat(Enumerable.Repeat("😀", n)))),
            (3, Gen.Constant("take")));
        Prop.ForAll(anyPiece.ListOf().ToArbitrary(), pieces =>
        {
            var (gathered, expected, taken) = (new ContentBatcher(BatchLimits.Default), new StringBuilder(), new StringBuilder());
            foreach (var piece in pieces)
            {
                if (piece == "take")
                {
                    TakeOne(gathered, taken);
                    continue;
                }

                gathered.Add(piece, Encoding.UTF8.GetByteCount(piece), Noon, Ms(0));
                expected.Append(piece);
                gathered.Bytes.Should().Be(Encoding.UTF8.GetByteCount(expected.ToString(taken.Length, expected.Length - taken.Length)));
            }

            while (!gathered.IsEmpty) TakeOne(gathered, taken);
            (taken.ToString() == expected.ToString()).Should().BeTrue();
            gathered.Bytes.Should().Be(0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40));
    }

    private static void TakeOne(ContentBatcher batcher, StringBuilder text)
    {
        var empty = batcher.IsEmpty;
        var batch = Take(batcher);

        (batch.Chunks.Count == 0).Should().Be(empty, "each append carries something");
        batch.Bytes.Should().Be(batch.Chunks.Sum(chunk => (long)Encoding.UTF8.GetByteCount(chunk)));
        foreach (var chunk in batch.Chunks)
        {
            chunk.Should().NotBeEmpty();
            Encoding.UTF8.GetByteCount(chunk).Should().BeLessThanOrEqualTo(TextLimits.ChunkBytes);
            TextCut.EncodedBytes(chunk).Should().BeLessThanOrEqualTo(TextLimits.ChunkEncodedBytes);
            char.IsLowSurrogate(chunk[0]).Should().BeFalse();
            char.IsHighSurrogate(chunk[^1]).Should().BeFalse();
            text.Append(chunk);
        }

        // 2 KiB are more than an event's fields and the longest actor take beside its text.
        batch.Chunks.Sum(chunk => TextCut.EncodedBytes(chunk) + 2048)
            .Should().BeLessThanOrEqualTo(TextLimits.AppendBytes - TextLimits.EndingBytes);
    }

    private static Taken Take(ContentBatcher batcher)
    {
        var batch = batcher.Take(Noon);
        var chunks = batch.Commands.Cast<StreamCommand.PersistChunk>().ToList();
        batch.BodyBytes.Should().Be(batch.Bytes);
        return new([.. chunks.Select(chunk => chunk.Text)], batch.Bytes, chunks.Select(chunk => chunk.Since).FirstOrDefault());
    }

    /// <summary>A batch of the body alone.</summary>
    private sealed record Taken(IReadOnlyList<string> Chunks, long Bytes, DateTimeOffset Since);

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private void Add(string piece, int atMs) => batcher.Add(piece, Encoding.UTF8.GetByteCount(piece), Noon + Ms(atMs), Ms(atMs));
}
