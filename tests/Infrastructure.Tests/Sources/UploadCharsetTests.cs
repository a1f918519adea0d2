using System.Text;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Sources;

/// <summary>Text in any encoding, wherever its bytes are cut.</summary>
public sealed class UploadCharsetTests
{
    private readonly UploadSource source = new();

    public static TheoryData<string, string> Texts() => new()
    {
        { "utf-8", "é漢👩‍🚀\uFEFF." },
        { "utf-16", "é漢👩‍🚀." },
        { "utf-16le", "é漢👩‍🚀." },
        { "utf-16be", "é漢👩‍🚀." },
        { "utf-32", "é漢👩‍🚀." },
        { "utf-32be", "é漢👩‍🚀." },
        { "iso-8859-1", "é, ÿ." },
        { "iso-8859-2", "ąęłż." },
        { "windows-1251", "Привет." },
        { "koi8-r", "Привет." },
        { "ibm850", "é, ÿ." },
        { "macintosh", "é." },
        { "shift_jis", "日本語ｱ." },
        { "euc-jp", "日本語." },
        { "iso-2022-jp", "a日本b語." },
        { "gb2312", "中文." },
        { "gbk", "中文." },
        { "gb18030", "中文👩‍🚀é." },
        { "big5", "中文." },
        { "euc-kr", "한국어." },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_is_the_same_wherever_its_bytes_are_cut(string charset, string text)
    {
        var bytes = EncodingOf(charset).GetBytes(text);
        var type = $"text/plain; charset={charset}";
        for (var at = 0; at <= bytes.Length; at++)
            (await RunAsync(type, bytes[..at], bytes[at..])).Should().Be(text, "cut at {0}", at);

        (await RunAsync(type, [.. bytes.Select(b => new[] { b })])).Should().Be(text, "byte by byte");
    }

    [Theory]
    [InlineData("utf-16", new byte[] { 0xFE, 0xFF, 0, (byte)'h', 0, (byte)'i' })]
    [InlineData("utf-16", new byte[] { 0xFF, 0xFE, (byte)'h', 0, (byte)'i', 0 })]
    [InlineData("utf-16le", new byte[] { 0xFF, 0xFE, (byte)'h', 0, (byte)'i', 0 })]
    [InlineData("unicode", new byte[] { (byte)'h', 0, (byte)'i', 0 })]
    [InlineData("utf-32", new byte[] { 0, 0, 0xFE, 0xFF, 0, 0, 0, (byte)'h', 0, 0, 0, (byte)'i' })]
    [InlineData("utf-32", new byte[] { 0xFF, 0xFE, 0, 0, (byte)'h', 0, 0, 0, (byte)'i', 0, 0, 0 })]
    public async Task A_byte_order_mark_says_which_byte_comes_first_and_is_no_text(string charset, byte[] bytes)
    {
        (await RunAsync($"text/plain; charset={charset}", bytes)).Should().Be("hi");
        (await RunAsync($"text/plain; charset={charset}", [.. bytes.Select(b => new[] { b })])).Should().Be("hi");
    }

    [Theory]
    [InlineData("utf-16le", new byte[] { (byte)'a', 0, (byte)'b', 0, 0x00, 0xD8, (byte)'c', 0 }, "ab")]
    [InlineData("utf-16le", new byte[] { (byte)'a', 0, (byte)'b' }, "a")]
    [InlineData("utf-32", new byte[] { (byte)'a', 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, "a")]
    [InlineData("shift_jis", new byte[] { (byte)'a', (byte)'b', 0x81 }, "ab")]
    [InlineData("euc-jp", new byte[] { (byte)'a', 0xA4 }, "a")]
    public async Task What_is_no_text_ends_it_after_all_that_came_before(string charset, byte[] bytes, string kept)
    {
        foreach (var pieces in (byte[][][])[[bytes], [.. bytes.Select(b => new[] { b })]])
        {
            var output = new RecordingAppender();
            var failure = await source.RunAsync(output, body: new PiecewiseBody(pieces), type: $"text/plain; charset={charset}").FailureAsync();

            failure.Code.Should().Be("invalid-text");
            failure.Message.Should().Contain("byte offset");
            output.Text.Should().Be(kept);
        }
    }

    private static Encoding EncodingOf(string charset) => CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);

    private async Task<string> RunAsync(string type, params byte[][] pieces)
    {
        var output = new RecordingAppender();
        (await source.RunAsync(output, body: new PiecewiseBody([.. pieces.Where(piece => piece.Length > 0)]), type: type)).Should().Be(SourceResult.Ended);
        return output.Text;
    }
}
