using EventSourcedStreams.Audit.Terminal;
using Spectre.Console;

namespace EventSourcedStreams.Audit.Tests;

public sealed class AuditConsoleTests : IDisposable
{
    private readonly StringWriter output = new(), error = new();

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Without_a_terminal_or_without_the_wish_for_colours_there_is_no_escape_sequence(bool isTerminal, bool hasColours)
    {
        var console = new AuditConsole(output, error, isOutputTerminal: isTerminal, hasColours: hasColours);

        console.Styled.Write(new Table().AddColumn("name").AddRow(AuditConsole.Text("value", new Style(Color.Red, decoration: Decoration.Bold))));

        output.ToString().Should().Contain("value").And.NotContain("\u001b");
    }

    [Fact]
    public void A_long_cell_is_not_broken_in_a_pipe()
    {
        var cell = string.Join(' ', Enumerable.Repeat("word", 200));

        new AuditConsole(output, error).Styled.Write(new Table().AddColumn("name").AddRow(AuditConsole.Text(cell)));

        output.ToString().Should().Contain(cell);
    }

    [Fact]
    public void A_long_cell_makes_only_its_own_row_long_and_nothing_follows_the_last_cell()
    {
        IReadOnlyList<IReadOnlyList<string>> rows = [["a", "1", "x"], [new string('i', 300), "22", "\u001b"], ["b", "333", new string('d', 500)]];

        new AuditConsole(output, error).WriteTable(["id", "n", "detail"], new HashSet<int> { 1 }, rows);

        output.ToString().Split(Environment.NewLine).Should().Equal(
            "id    n  detail", "a     1  x", $"{new string('i', 300)}   22  \\u001B", $"b   333  {new string('d', 500)}", "");
    }

    [Fact]
    public async Task Progress_is_not_shown_where_nobody_sees_it()
    {
        var console = new AuditConsole(output, error);

        (await console.WithProgressAsync("Reading", advance =>
        {
            advance.To(1, 2);
            return Task.FromResult(42);
        })).Should().Be(42);

        (output.ToString() + error).Should().BeEmpty();
    }

    [Fact]
    public async Task Progress_goes_to_stderr_only()
    {
        var console = new AuditConsole(output, error, isOutputTerminal: true, isErrorTerminal: true, hasColours: true);

        (await console.WithProgressAsync("Reading", advance =>
        {
            advance.To(2, 2);
            return Task.FromResult(42);
        })).Should().Be(42);

        output.ToString().Should().BeEmpty();
        error.ToString().Should().Contain("Reading");
    }

    [Fact]
    public void A_failure_is_one_line_whatever_it_says()
    {
        new AuditConsole(output, error).Fail("a\r\nb\u001b[2J");

        error.ToString().Should().Be("streams-audit: a b\\u001B[2J" + Environment.NewLine);
    }
}
