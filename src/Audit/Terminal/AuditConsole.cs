using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace EventSourcedStreams.Audit.Terminal;

/// <summary>Results go to stdout, everything else to stderr. Where that is no terminal, or colours are off, there is no
/// escape sequence in either.</summary>
/// <param name="output">Results.</param>
/// <param name="error">Notes, progress, and the one line that says what went wrong.</param>
/// <param name="isOutputTerminal">A person reads it on a screen: stored text is escaped.</param>
/// <param name="isErrorTerminal">Progress is shown.</param>
/// <param name="hasColours">False where <c>NO_COLOR</c> is set, or the terminal knows no escape sequences.</param>
public sealed class AuditConsole(
    TextWriter output, TextWriter error, bool isOutputTerminal = false, bool isErrorTerminal = false, bool hasColours = false)
{
    /// <summary>Where there is no screen that could be too narrow, no line is broken.</summary>
    private const int NoScreen = 100_000;

    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private IAnsiConsole? styled;

    /// <summary>Raw: what goes in here comes out unchanged, also on a terminal.</summary>
    public TextWriter Out => output;

    public TextWriter Error => error;

    public bool IsOutputTerminal => isOutputTerminal;

    /// <summary>Tables and plots on <see cref="Out"/>. Stored text goes in as <see cref="Text"/>.</summary>
    public IAnsiConsole Styled => styled ??= On(output, isOutputTerminal, hasColours);

    public static AuditConsole OfProcess()
    {
        var wantsColours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";

        // Not the console's own writer, which would send every line at once.
        var output = Console.IsOutputRedirected
            ? new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16)
            : Console.Out;
        return new AuditConsole(output, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected, wantsColours);
    }

    /// <summary>Stored text as a cell of a table: never markup, never a control character.</summary>
    internal static Spectre.Console.Text Text(string stored, Style? style = null) => new(TerminalText.Escape(stored), style);

    /// <summary>A table, fitted to the screen where there is one. Stored text in it is made harmless.</summary>
    /// <param name="right">Columns whose cells stand at their right end.</param>
    internal void WriteTable(IReadOnlyList<string> header, IReadOnlySet<int> right, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (!isOutputTerminal)
        {
            var harmless = rows.Select(IReadOnlyList<string> (row) => [.. row.Select(cell => TerminalText.Escape(cell))]).ToList();
            foreach (var line in PlainTable.Lines(header, right, harmless)) output.WriteLine(line);
            return;
        }

        var table = new Table().Border(TableBorder.None);
        for (var i = 0; i < header.Count; i++)
            table.AddColumn(Markup.Escape(header[i]), column => (right.Contains(table.Columns.Count) ? column.RightAligned() : column).PadLeft(0).PadRight(2));
        foreach (var row in rows) table.AddRow(row.Select(cell => Text(cell)));
        Styled.Write(table);
    }

    /// <summary>A line of a result; stored text in it is made harmless.</summary>
    public void WriteLine(string line) => output.WriteLine(TerminalText.Escape(line));

    /// <summary>Stored text as it is, for a file or a pipe; on a terminal without what could drive it.</summary>
    public void WriteText(string text) => output.Write(isOutputTerminal ? TerminalText.Escape(text, keep: "\n\t") : text);

    /// <summary>Bytes as they are, for a file or a pipe. Behind what was written before.</summary>
    public async Task WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await output.FlushAsync(ct);
        if (output is StreamWriter { BaseStream: var file }) await file.WriteAsync(bytes, ct);
        else await output.WriteAsync(Encoding.Latin1.GetString(bytes.Span).AsMemory(), ct);
    }

    /// <summary>One line of newline-delimited JSON, letters as they are. What could drive a terminal is escaped, which
    /// is the same JSON.</summary>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AsItIs)) JsonSerializer.Serialize(writer, value, type);
        output.Write(TerminalText.Escape(Encoding.UTF8.GetString(buffer.WrittenSpan)));
        output.Write('\n');
    }

    /// <summary>One line on stderr that is no failure.</summary>
    public void Note(string line) => error.WriteLine(TerminalText.Escape(line));

    /// <summary>One line on stderr: what went wrong and what to do.</summary>
    internal void Fail(string line) => error.WriteLine("streams-audit: " + TerminalText.Escape(line.ReplaceLineEndings(" ")));

    public async Task FlushAsync()
    {
        await output.FlushAsync();
        await error.FlushAsync();
    }

    /// <summary>A bar on stderr while <paramref name="work"/> runs; only its result where stderr is no
    /// terminal.</summary>
    /// <remarks>Not around what writes results as they come: on one screen the two would overwrite each
    /// other.</remarks>
    /// <param name="what">What is done, as <c>"Verifying"</c>.</param>
    public async Task<T> WithProgressAsync<T>(string what, Func<Advance, Task<T>> work)
    {
        if (!isErrorTerminal) return await work(new Advance(bar: null));
        return await On(error, isTerminal: true, hasColours).Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(progress => work(new Advance(progress.AddTask(Markup.Escape(what)).IsIndeterminate())));
    }

    /// <summary>The same for work that returns nothing and whose results may go out as they come: then no progress is
    /// shown.</summary>
    public Task WithProgressAsync(string what, bool isShown, Func<Advance, Task> work) =>
        isShown
            ? WithProgressAsync(what, async advance =>
            {
                await work(advance);
                return true;
            })
            : work(Advance.None);

    private static IAnsiConsole On(TextWriter writer, bool isTerminal, bool hasColours)
    {
        var isPlain = !isTerminal || !hasColours;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isPlain ? AnsiSupport.No : OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Yes,
        });
        if (!isTerminal) console.Profile.Width = NoScreen;
        return console;
    }
}
