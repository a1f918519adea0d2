using System.CommandLine;
using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Diff;

/// <summary><c>audit diff</c>: two streams or two stores, as they are stored; of every stream the first
/// difference.</summary>
internal static class DiffCommand
{
    /// <summary>Differences kept to be shown after the progress bar; all are counted.</summary>
    private const int MostShown = 10_000;

    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var a = new Argument<string>("A") { Description = "A stream's id, store#ID, or a store: a log or an export." };
        var b = new Argument<string>("B") { Description = "The same; where only one names a stream, that stream is compared." };
        var command = new Command("diff", "Compare two streams or two stores: the first difference of every stream.") { a, b };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, parsed.GetRequiredValue(a), parsed.GetRequiredValue(b), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, string a, string b, CancellationToken ct)
    {
        var (location, prefix) = (shared.LocationIn(parsed), shared.PrefixIn(parsed));
        await using var left = await DiffSide.OpenAsync(a, location, prefix, context, ct);
        await using var right = await DiffSide.OpenAsync(b, location, prefix, context, ct);
        var shown = new List<StreamDifference>();
        var (streams, different) = (0L, 0L);
        await context.Console.WithProgressAsync("Comparing", async advance =>
        {
            await foreach (var (idA, idB) in PairsAsync(left, right, ct))
            {
                advance.To(++streams, of: null);
                if (await StreamComparison.FindAsync(left, idA, right, idB, ct) is not { } difference) continue;
                if (++different <= MostShown) shown.Add(difference);
            }

            return streams;
        });

        var isJson = shared.WantsJson(parsed);
        foreach (var difference in shown)
        {
            if (isJson) context.Console.WriteJson(difference, DiffJson.Default.StreamDifference);
            else context.Console.WriteLine(Line(difference));
        }

        if (different > MostShown) context.Console.Note($"{different - MostShown} more streams differ.");
        if (isJson) context.Console.WriteJson(new DiffSummary(streams, different), DiffJson.Default.DiffSummary);
        else context.Console.WriteLine(different == 0 ? $"{streams} streams, no difference" : $"{different} of {streams} streams differ");
        return different == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static async IAsyncEnumerable<(StreamId A, StreamId B)> PairsAsync(
        DiffSide a, DiffSide b, [EnumeratorCancellation] CancellationToken ct)
    {
        if (a.Stream is not null || b.Stream is not null)
        {
            yield return ((a.Stream ?? b.Stream)!.Value, (b.Stream ?? a.Stream)!.Value);
            yield break;
        }

        await foreach (var entry in a.Store.StreamsAsync(ct)) yield return (entry.Id, entry.Id);
        await foreach (var entry in b.Store.StreamsAsync(ct))
            if (!await IsThereAsync(a, entry.Id, ct)) yield return (entry.Id, entry.Id);
    }

    /// <summary>Then it was among that side's own streams.</summary>
    private static async Task<bool> IsThereAsync(DiffSide side, StreamId id, CancellationToken ct)
    {
        try
        {
            await foreach (var _ in side.Store.EventsAsync(id, from: 0, ct)) return true;
            return false;
        }
        catch (Exception e) when (e is StreamGoneException or LogDamagedException)
        {
            return true;
        }
    }

    private static string Line(StreamDifference d) =>
        $"{d.Id}{(d.OtherId is { } other ? $" and {other}" : "")}{(d.Revision is { } revision ? $", revision {revision}" : "")}, {d.Field}: "
            + $"“{d.A ?? "(not there)"}” and “{d.B ?? "(not there)"}”";
}
