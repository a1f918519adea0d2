using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Domain.Tests;

public sealed class TextCutTests
{
    private static readonly Gen<string> AnyText = Gen.Elements("a", "\"", "\\", "\n", "\0", "\u001F", "\u007F", "ä", "漢", "\u2028", "😀")
        .ListOf().Select(string.Concat);

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abc", 2, "ab")]
    [InlineData("aä", 2, "a")]
    [InlineData("aä", 3, "aä")]
    [InlineData("😀", 3, "")]
    [InlineData("😀", 4, "😀")]
    [InlineData("", 0, "")]
    [InlineData(null, 0, null)]
    public void A_text_is_cut_on_a_code_point(string? text, int bytes, string? cut) => TextCut.ToBytes(text, bytes).Should().Be(cut);

    [Fact]
    public void What_makes_no_sense_cut_is_left_out()
    {
        TextCut.Within("ää", 4).Should().Be("ää");
        TextCut.Within("ää", 3).Should().BeNull();
        TextCut.Within(null, 3).Should().BeNull();
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("\"\\\b\f\n\r\t", 14)]
    [InlineData("\0\u0001\u000B\u001F", 24)]
    [InlineData("\u007F", 1)]
    [InlineData("ä漢\u2028😀", 12)]
    public void Control_characters_grow_where_they_are_stored(string text, int bytes) => TextCut.EncodedBytes(text).Should().Be(bytes);

    [Fact]
    public void As_much_is_taken_as_both_limits_allow_and_never_half_a_code_point() => Prop.ForAll(
        AnyText.ToArbitrary(), Gen.Choose(0, 40).ToArbitrary(), Gen.Choose(0, 60).ToArbitrary(), (text, bytes, encoded) =>
        {
            var chars = TextCut.Chars(text, bytes, encoded);
            bool Fits(int length) =>
                Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) <= bytes && TextCut.EncodedBytes(text.AsSpan(0, length)) <= encoded;

            Fits(chars).Should().BeTrue();
            (chars < text.Length && char.IsLowSurrogate(text[chars])).Should().BeFalse();
            if (chars < text.Length) Fits(chars + (char.IsHighSurrogate(text[chars]) ? 2 : 1)).Should().BeFalse();
        }).QuickCheckThrowOnFailure();
}
