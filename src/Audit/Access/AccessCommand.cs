using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Access;

/// <summary><c>audit access</c>: what a server that keeps a record of access (<c>Auth:AccessLog</c>) has let and
/// refused, oldest first.</summary>
internal static class AccessCommand
{
    private const int PageEvents = 512;

    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var filter = new AccessFilterOptions();
        var command = new Command("access", "Show who has read, made tokens, or was refused, where the server records it.");
        filter.AddTo(command);
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, filter.FilterIn(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, AccessFilter filter, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var table = shared.WantsJson(parsed) ? null : new AccessTable(context.Console);
        var shown = 0;
        for (long? from = 0; from is { } next;)
        {
            var read = await store.Bytes.ReadAsync(store.Prefix.Access, next, forward: true, PageEvents, ReadFrom.Leader, ct);
            if (read is not StoreRead.Page { Events: var events } page) break;
            foreach (var access in events.Select(ShownAccess.Of).Where(filter.Matches))
            {
                shown++;
                if (table is null) context.Console.WriteJson(access, AccessJson.Default.ShownAccess);
                else table.Add(access);
            }

            from = page.AtEnd || events is [] ? null : events[^1].Revision + 1;
        }

        table?.Flush();
        if (shown == 0) context.Console.Note($"Nothing of that is on record in {store.Location}. A server keeps the record where Auth:AccessLog is true.");
        return ExitCode.Ok;
    }
}
