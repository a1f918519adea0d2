using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Show;

/// <summary><c>audit show</c>: every event of one stream, damaged ones too.</summary>
internal static class ShowCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var stream = new StreamArgument();
        var command = new Command("show", "Show a stream's events: when, how long after the one before, how large, by which actor, and what they say.")
        {
            stream.Argument,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, stream, ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument stream, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var id = await stream.FindAsync(parsed, store, ct);
        var history = await StreamHistory.ReadAsync(store, id, ct);
        if (shared.WantsJson(parsed)) WriteJson(context, history);
        else EventTable.Write(context.Console, history);
        return history.Damage.Count == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static void WriteJson(AuditContext context, StreamHistory history)
    {
        if (history.IsGone)
        {
            var deletion = history.Deletion;
            context.Console.WriteJson(
                new ShownTombstone(
                    history.Id.Value,
                    StreamStatus.Deleted.Name(),
                    deletion?.At.UtcDateTime,
                    deletion?.By,
                    deletion?.Head.Revision.Value,
                    deletion?.Head.Hash.ToString()),
                ShowJson.Default.ShownTombstone);
        }

        foreach (var e in ShownEvent.Of(history)) context.Console.WriteJson(e, ShowJson.Default.ShownEvent);
        foreach (var damage in history.Damage.Where(d => !history.Events.Any(e => e.Damage == d.What)))
            context.Console.WriteJson(new ShownDamage(damage.Revision, damage.What), ShowJson.Default.ShownDamage);
    }
}
