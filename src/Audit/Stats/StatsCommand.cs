using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.List;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Stats;

/// <summary><c>audit stats</c>: a whole store in numbers and plots. Hashes are not checked: that is
/// <c>verify</c>.</summary>
internal static class StatsCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var command = new Command("stats", "Show volumes, durations, times to the first text and endings by cause.");
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, ct));
        return command;
    }

    private static async Task<int> RunAsync(AuditContext context, SharedOptions shared, ParseResult parsed, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var statistics = await context.Console.WithProgressAsync("Reading", async advance =>
        {
            var counted = new Statistics();
            await foreach (var entry in store.StreamsAsync(ct))
            {
                await counted.AddAsync(store, entry, ct);
                advance.To(counted.Streams, of: null);
            }

            return counted;
        });

        if (shared.WantsJson(parsed)) context.Console.WriteJson(StatsView.Of(statistics), StatsJson.Default.StatsView);
        else new StatsPlots(context.Console).Write(statistics);
        if (statistics.ByStatus.GetValueOrDefault(ListedStream.Damaged) is not (> 0 and var damaged)) return ExitCode.Ok;
        context.Console.Note($"{damaged} streams are damaged; of them only what stands before the damage is counted. See `streams-audit verify`.");
        return ExitCode.Findings;
    }
}
