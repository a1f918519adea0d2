using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using EventSourcedStreams.Audit.Access;
using EventSourcedStreams.Audit.AsOf;
using EventSourcedStreams.Audit.Check;
using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Audit.Diff;
using EventSourcedStreams.Audit.Export;
using EventSourcedStreams.Audit.Import;
using EventSourcedStreams.Audit.List;
using EventSourcedStreams.Audit.Removal;
using EventSourcedStreams.Audit.Replay;
using EventSourcedStreams.Audit.Report;
using EventSourcedStreams.Audit.Show;
using EventSourcedStreams.Audit.Statements;
using EventSourcedStreams.Audit.Stats;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Audit.Texts;
using EventSourcedStreams.Audit.Verify;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit;

/// <summary>The whole program but the process around it.</summary>
public static class AuditProgram
{
    private const string Name = "streams-audit";

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, AuditConsole console, TimeProvider time, CancellationToken ct)
    {
        // A stream's id may begin with @: that is no file with further arguments.
        var parsed = Root(new AuditContext(console, time)).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            var what = parsed.UnmatchedTokens is [var unknown, ..] ? $"'{unknown}' is no command or option here." : parsed.Errors[0].Message;
            console.Fail($"{what} See `{Path(parsed.CommandResult)} --help`.");
            return ExitCode.CannotRead;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = console.Out,
                    Error = console.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                ct);
        }
        catch (Exception e) when (Outcome(e, ct) is { } outcome)
        {
            console.Fail(outcome.Message);
            return outcome.ExitCode;
        }
        finally
        {
            await console.FlushAsync();
        }
    }

    private static Command Root(AuditContext context)
    {
        // Not a RootCommand, which is named for the program's file.
        var root = new Command(Name, "Shows what a log of text streams holds, and proves that it is unchanged.")
        {
            new HelpOption(),
            new VersionOption(),
        };
        foreach (var command in Commands(context)) root.Subcommands.Add(command);
        return root;
    }

    private static IEnumerable<Command> Commands(AuditContext context) =>
    [
        ListCommand.Create(context),
        ShowCommand.Create(context),
        TextCommand.Create(context),
        AsOfCommand.Create(context),
        ReplayCommand.Create(context),
        StatsCommand.Create(context),
        ReportCommand.Create(context),
        DiffCommand.Create(context),
        CheckCommand.Create(context),
        AccessCommand.Create(context),
        ExportCommand.Create(context),
        ImportCommand.Create(context),
        CopyCommand.Create(context),
        DeleteCommand.Create(context),
        VerifyCommand.Create(context),
        KeygenCommand.Create(context),
    ];

    private static (string Message, int ExitCode)? Outcome(Exception e, CancellationToken ct) => e switch
    {
        AuditException known => (known.Message, known.ExitCode),
        OperationCanceledException when ct.IsCancellationRequested => ("Stopped.", ExitCode.Interrupted),
        LogDamagedException => ($"Damage: {e.Message}", ExitCode.Findings),
        ForeignSchemaException => ($"Damage: {e.Message}", ExitCode.Findings),
        StreamGoneException => (e.Message, ExitCode.CannotRead),
        SqliteEventStoreRefusedException or LogUnavailableException or IOException or UnauthorizedAccessException =>
            (e.Message, ExitCode.CannotRead),
        _ => null,
    };

    private static string Path(CommandResult command) => command.Command.Name == Name ? Name : $"{Name} {command.Command.Name}";
}
