using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain ascii")]
    [InlineData("Grüße, 日本語, 👩‍👩‍👧, عربى")]
    [InlineData("")]
    public void Ordinary_text_stays(string text) => TerminalText.Escape(text).Should().Be(text);

    [Theory]
    [InlineData("\u001b[31mred", "\\u001B[31mred")]
    [InlineData("a\rb", "a\\u000Db")]
    [InlineData("\u009b2J", "\\u009B2J")]
    [InlineData("x\u202Ey", "x\\u202Ey")]
    [InlineData("line\u2028end", "line\\u2028end")]
    [InlineData("tag\U000E0041", "tag\\uDB40\\uDC41")]
    [InlineData("a\u007f", "a\\u007F")]
    [InlineData("\u0007ü", "\\u0007ü")]
    public void What_could_drive_a_terminal_is_shown_as_a_number(string text, string shown) =>
        TerminalText.Escape(text).Should().Be(shown);

    [Fact]
    public void A_lone_surrogate_is_shown_as_a_number() => TerminalText.Escape("a\ud800b").Should().Be("a\\uD800b");

    [Fact]
    public void Line_ends_stay_where_they_are_wanted() =>
        TerminalText.Escape("a\n\tb\u001b", keep: "\n\t").Should().Be("a\n\tb\\u001B");

    [Fact]
    public void Json_on_a_terminal_says_the_same_and_drives_nothing()
    {
        using var output = new StringWriter();
        var console = new AuditConsole(output, TextWriter.Null, isOutputTerminal: true);
        const string Evil = "\u202E\u009b2J\u001b]0;title\u0007 \U000E0041 ü";

        console.WriteJson(Evil, (JsonTypeInfo<string>)JsonSerializerOptions.Default.GetTypeInfo(typeof(string)));

        output.ToString().Where(c => c != '\n').Should().OnlyContain(c => !char.IsControl(c) && c != '\u202E');
        JsonSerializer.Deserialize<string>(output.ToString()).Should().Be(Evil);
    }

    [Theory]
    [InlineData(false, "\u001b[1m")]
    [InlineData(true, "\\u001B[1m")]
    public void Raw_text_is_exact_in_a_pipe_and_harmless_on_a_terminal(bool isTerminal, string expected)
    {
        using var output = new StringWriter();
        new AuditConsole(output, TextWriter.Null, isOutputTerminal: isTerminal).WriteText("\u001b[1m");
        output.ToString().Should().Be(expected);
    }
}
