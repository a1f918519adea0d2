using System.CommandLine;
using EventSourcedStreams.Audit.Commands;

namespace EventSourcedStreams.Audit.List;

/// <summary><c>audit list</c>: every stream, in the order in which they began, folded from the log itself. One at a time: memory does not
/// grow with their number.</summary>
internal static class ListCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var status = new Option<string?>("--status")
        {
            Description = "pending, streaming, done, error, cancelled, timeout, deleted or damaged.",
        };
        var label = new Option<string[]>("--label") { Description = "A label, as name:value; again for another that must be there too." };
        var source = new Option<string?>("--source") { Description = "The name of a source, as openai." };
        var after = new Option<string?>("--created-after") { Description = "A day or a time with its zone, included." };
        var before = new Option<string?>("--created-before") { Description = "A day or a time with its zone, not included." };
        var command = new Command("list", "List streams, oldest first; deleted and damaged ones too.") { status, label, source, after, before };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context,
            shared,
            parsed,
            ListFilter.Parse(
                parsed.GetValue(status),
                parsed.GetValue(label) ?? [],
                parsed.GetValue(source),
                parsed.GetValue(after),
                parsed.GetValue(before)),
            ct));
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
        context.Console.Note($"{damaged} streams are damaged; filters other than --status damaged may leave them out. See `audit verify`.");
        return ExitCode.Findings;
    }
}
