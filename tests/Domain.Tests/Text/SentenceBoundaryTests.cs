using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Domain.Tests;

public sealed partial class SentenceBoundaryTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("No end", false)]
    [InlineData("An end. ", true)]
    [InlineData("An end.", false)]
    [InlineData("Really?\u00A0Yes", true)]
    [InlineData("Stop!\tGo", true)]
    [InlineData("Wait... what", true)]
    [InlineData("3.14", false)]
    [InlineData("a.b?c!d", false)]
    [InlineData(". ", true)]
    [InlineData("a line\n", true)]
    [InlineData("a line\r", true)]
    [InlineData("a line\u2028", true)]
    [InlineData("a line\u2029", true)]
    [InlineData("a line\u0085", true)]
    [InlineData("終わり。", true)]
    [InlineData("本当？", true)]
    [InlineData("はい！", true)]
    [InlineData("終わり｡", true)]
    [InlineData("終わり．", true)]
    [InlineData("一、二", false)]
    [InlineData("so, and; so: on", false)]
    public void A_sentence_or_line_ends(string text, bool ends) => new SentenceBoundary().Next(text).Should().Be(ends);

    [Theory]
    [InlineData("An end", ".", " ", 2)]
    [InlineData("An end.", "", " Next", 2)]
    [InlineData("3", ".", "14", -1)]
    [InlineData("An end. ", "Next", "!", 0)]
    [InlineData("line", "\r", "\n", 1)]
    public void The_piece_that_completes_it_says_so(string first, string second, string third, int completing)
    {
        var boundary = new SentenceBoundary();

        bool[] said = [boundary.Next(first), boundary.Next(second), boundary.Next(third)];

        Array.IndexOf(said, true).Should().Be(completing);
    }

    [Fact]
    public void However_it_is_cut_each_end_is_found_in_the_piece_that_completes_it()
    {
        var anyPieces = Gen.Elements('a', '1', '.', '.', '?', '!', ' ', '\t', '\n', '\r', '\u00A0', '\u2028', '\u0085', '。', '？', '"')
            .ListOf().Select(units => new string(units.ToArray())).ListOf();
        Prop.ForAll(anyPieces.ToArbitrary(), pieces =>
        {
            var (boundary, start) = (new SentenceBoundary(), 0);
            var ends = End().Matches(string.Concat(pieces)).Select(m => m.Index).ToList();
            foreach (var piece in pieces)
            {
                boundary.Next(piece).Should().Be(ends.Exists(end => end >= start && end < start + piece.Length));
                start += piece.Length;
            }
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The character that completes an end.</summary>
    [GeneratedRegex(@"(?<=[.?!])\s|[\n\r\u2028\u2029\u0085。！？｡．]")]
    private static partial Regex End();
}
