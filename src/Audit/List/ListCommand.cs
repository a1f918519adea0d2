using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.List;

/// <summary><c>audit list</c>: every stream, in the order in which they began, folded from the log itself. One at a
/// time: memory does not grow with their number.</summary>
internal static class ListCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var filter = new ListFilterOptions();
        var command = new Command("list", "List streams, oldest first; deleted and damaged ones too.");
        filter.AddTo(command);
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, filter.FilterIn(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, ListFilter filter, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var table = shared.WantsJson(parsed) ? null : new ListTable(context.Console);
        var damaged = 0;
        await foreach (var entry in store.StreamsAsync(ct))
        {
            var stream = await ListedStream.ReadAsync(store, entry, ct);
            if (stream.Damage is not null) damaged++;
            if (!filter.Matches(stream)) continue;
            if (table is null) context.Console.WriteJson(stream, ListJson.Default.ListedStream);
            else table.Add(stream);
        }

        table?.Flush();
        if (damaged == 0) return ExitCode.Ok;
        context.Console.Note($"{damaged} streams are damaged; filters other than --status damaged may leave them out. See `streams-audit verify`.");
        return ExitCode.Findings;
    }
}
