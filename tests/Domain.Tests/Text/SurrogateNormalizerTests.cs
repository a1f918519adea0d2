using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Domain.Tests;

public sealed class SurrogateNormalizerTests
{
    private static readonly Gen<string[]> AnyPieces = Gen
        .Elements('a', 'ä', '漢', '\0', '\uFFFD', '\uD83D', '\uD83D', '\uDE00', '\uDE00', '\uDBFF')
        .ListOf().Select(units => new string(units.ToArray())).ListOf().Select(pieces => pieces.ToArray());

    [Fact]
    public void However_it_is_cut_the_text_is_what_it_is_in_one_piece() => Prop.ForAll(
        AnyPieces.ToArbitrary(),
        pieces => Normalized(pieces) == Normalized([string.Concat(pieces)])).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_lone_surrogate_becomes_a_replacement_character_and_nothing_else_changes() => Prop.ForAll(
        AnyPieces.ToArbitrary(),
        pieces => Normalized(pieces) == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(string.Concat(pieces)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_piece_that_comes_out_is_Unicode() => Prop.ForAll(AnyPieces.ToArbitrary(), pieces =>
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var normalizer = new SurrogateNormalizer();
        foreach (var piece in pieces) strict.GetBytes(normalizer.Next(piece));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_high_surrogate_at_a_pieces_end_waits_for_the_next()
    {
        var normalizer = new SurrogateNormalizer();

        normalizer.Next("a\uD83D").Should().Be("a");
        normalizer.IsWaiting.Should().BeTrue();
        normalizer.Next("").Should().BeEmpty();
        normalizer.Next("\uDE00b").Should().Be("😀b");
        normalizer.IsWaiting.Should().BeFalse();
        normalizer.Finish().Should().BeEmpty();
    }

    [Fact]
    public void What_still_waits_at_the_end_is_not_lost()
    {
        var normalizer = new SurrogateNormalizer();
        normalizer.Next("\uD83D");

        normalizer.Finish().Should().Be("\uFFFD");
        normalizer.Finish().Should().BeEmpty();
        normalizer.Next("\uDE00").Should().Be("\uFFFD", "the text had ended before it");
    }

    [Fact]
    public void A_text_without_surrogates_is_handed_on_as_it_is()
    {
        var piece = new string('x', 3);

        new SurrogateNormalizer().Next(piece).Should().BeSameAs(piece);
    }

    private static string Normalized(IEnumerable<string> pieces)
    {
        var (normalizer, text) = (new SurrogateNormalizer(), new StringBuilder());
        foreach (var (i, piece) in pieces.Index()) text.Append(i % 2 == 0 ? normalizer.Next(piece) : normalizer.Next(piece.AsSpan()));
        return text.Append(normalizer.Finish()).ToString();
    }
}
