using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Domain.Tests;

public sealed class TextPiecesTests
{
    [Fact]
    public void An_older_value_stays_what_it_was()
    {
        var older = TextPieces.Empty.Add("a").Add("b");
        var newer = older.Add("c");

        older.ToString().Should().Be("ab");
        newer.ToString().Should().Be("abc");
        (older.Chars, newer.Chars).Should().Be((2, 3));
    }

    [Fact]
    public void Two_that_go_on_from_one_value_part_ways()
    {
        var trunk = TextPieces.Empty.Add("a");
        var (left, right) = (trunk.Add("l"), trunk.Add("r"));

        (trunk.ToString(), left.Add("1").ToString(), right.Add("2").ToString(), left.ToString()).Should().Be(("a", "al1", "ar2", "al"));
    }

    [Fact]
    public void Every_value_ever_made_is_the_text_that_was_put_into_it() => Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 1000), Gen.Elements("a", "bc", "", "漢")).ListOf().ToArbitrary(), steps =>
        {
            var made = new List<(TextPieces Pieces, string Text)> { (TextPieces.Empty, "") };
            foreach (var (from, piece) in steps)
            {
                var (pieces, text) = made[from % made.Count];
                made.Add((pieces.Add(piece), text + piece));
            }

            made.Should().OnlyContain(value => value.Pieces.ToString() == value.Text && value.Pieces.Chars == value.Text.Length);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Threads_that_go_on_from_one_value_do_not_mix()
    {
        var trunk = TextPieces.Empty.Add("trunk ");
        var texts = new string[8];
        Parallel.For(0, texts.Length, i =>
        {
            var mine = trunk;
            for (var n = 0; n < 1000; n++) mine = mine.Add($"{i}");
            texts[i] = mine.ToString();
        });

        texts.Should().Equal(Enumerable.Range(0, 8).Select(i => "trunk " + new string((char)('0' + i), 1000)));
    }
}
