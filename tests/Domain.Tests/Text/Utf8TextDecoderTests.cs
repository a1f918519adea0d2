using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Domain.Tests.Text;

public sealed class Utf8TextDecoderTests
{
    [Fact]
    public void Any_cut_of_valid_text_gives_the_same_text() =>
        Prop.ForAll(TextAndCuts.ToArbitrary(), sample =>
        {
            var (pieces, badByteAt) = Decode(Encoding.UTF8.GetBytes(sample.Text), sample.Cuts);

            badByteAt.Should().BeNull();
            string.Concat(pieces).Should().Be(sample.Text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_piece_splits_a_surrogate_pair() =>
        Prop.ForAll(TextAndCuts.ToArbitrary(), sample =>
        {
            foreach (var piece in Decode(Encoding.UTF8.GetBytes(sample.Text), sample.Cuts).Pieces.Where(piece => piece != ""))
                (char.IsHighSurrogate(piece[^1]) || char.IsLowSurrogate(piece[0])).Should().BeFalse();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_corrupted_byte_is_still_text_or_is_reported_where_text_ends() =>
        Prop.ForAll(Corrupted.ToArbitrary(), sample =>
        {
            var valid = LongestValidBeginning(sample.Bytes);

            var (pieces, badByteAt) = Decode(sample.Bytes, sample.Cuts);

            badByteAt.Should().Be(valid == sample.Bytes.Length ? null : valid);
            Encoding.UTF8.GetBytes(string.Concat(pieces)).Should().Equal(sample.Bytes[..valid]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Theory]
    [InlineData(new byte[] { 0x61, 0xC3, 0x28 }, 1)] // a sequence that another character breaks off
    [InlineData(new byte[] { 0xC0, 0xAF }, 0)] // overlong
    [InlineData(new byte[] { 0x61, 0xED, 0xA0, 0x80 }, 1)] // a surrogate
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, 0)] // past U+10FFFF
    [InlineData(new byte[] { 0x61, 0x62, 0xF0, 0x9F, 0x98 }, 2)] // half a sequence at the end
    [InlineData(new byte[] { 0x80 }, 0)] // a continuation of nothing
    public void Bad_bytes_are_reported_by_offset_however_they_are_cut(byte[] bytes, int at)
    {
        Decode(bytes, []).BadByteAt.Should().Be(at);
        Decode(bytes, [.. Enumerable.Range(1, bytes.Length - 1)]).BadByteAt.Should().Be(at);
    }

    [Fact]
    public void A_byte_order_mark_is_text_like_any_other()
    {
        string.Concat(Decode([0xEF, 0xBB, 0xBF, 0x61], [1, 2]).Pieces).Should().Be("\uFEFFa");
    }

    [Fact]
    public void Nothing_is_decoded_after_a_bad_byte()
    {
        var decoder = new Utf8TextDecoder();
        var chars = new char[16];
        decoder.Decode([0x61, 0xFF, 0x62], chars).Should().Be(1);

        decoder.Decode("more"u8, chars).Should().Be(0);
        decoder.End();
        decoder.BadByteAt.Should().Be(1);
    }

    private static Gen<(string Text, int[] Cuts)> TextAndCuts =>
        from text in Runes
        from cuts in CutsOf(Encoding.UTF8.GetByteCount(text))
        select (text, cuts);

    private static Gen<(byte[] Bytes, int[] Cuts)> Corrupted =>
        from text in Runes
        let bytes = Encoding.UTF8.GetBytes(text + "x")
        from at in Gen.Choose(0, bytes.Length - 1)
        from value in Gen.Choose(0, 255)
        from cuts in CutsOf(bytes.Length)
        select ((byte[])[.. bytes[..at], (byte)value, .. bytes[(at + 1)..]], cuts);

    private static Gen<string> Runes =>
        Gen.OneOf(Gen.Choose(0, 0x7F), Gen.Choose(0x80, 0x7FF), Gen.Choose(0x800, 0xD7FF), Gen.Choose(0xE000, 0xFFFF), Gen.Choose(0x10000, 0x10FFFF))
            .ListOf()
            .Select(runes => string.Concat(runes.Select(char.ConvertFromUtf32)));

    private static Gen<int[]> CutsOf(int length) =>
        Gen.Choose(0, length).ListOf().Select(cuts => cuts.Order().ToArray());

    private static (List<string> Pieces, long? BadByteAt) Decode(byte[] bytes, int[] cuts)
    {
        var decoder = new Utf8TextDecoder();
        var pieces = new List<string>();
        var from = 0;
        foreach (var to in cuts.Append(bytes.Length))
        {
            var chars = new char[Utf8TextDecoder.MaxChars(to - from)];
            pieces.Add(new string(chars, 0, decoder.Decode(bytes.AsSpan(from..to), chars)));
            from = to;
        }

        decoder.End();
        return (pieces, decoder.BadByteAt);
    }

    /// <summary>The naive oracle: the longest beginning that the framework's strict decoder takes as a whole.</summary>
    private static int LongestValidBeginning(byte[] bytes)
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        for (var length = bytes.Length; ; length--)
        {
            try
            {
                strict.GetString(bytes, 0, length);
                return length;
            }
            catch (DecoderFallbackException)
            {
                // One byte less, then.
            }
        }
    }
}
