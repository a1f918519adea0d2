using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>What became of the streams: with JSON each as it is done, else those that a person wants to know of, and
/// how many of each. For several threads.</summary>
internal sealed class CopyReport(AuditConsole console, bool json)
{
    /// <summary>Lines kept for the end; of more only their number is told.</summary>
    private const int MaxLines = 1000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, long> outcomes = new(StringComparer.Ordinal);
    private readonly List<StreamOutcome> lines = [];
    private long streams, events, findings, unsaid;

    public bool HasFindings => findings > 0;

    public void Add(StreamOutcome outcome)
    {
        lock (gate)
        {
            streams++;
            events += outcome.Written;
            outcomes[outcome.Outcome] = outcomes.GetValueOrDefault(outcome.Outcome) + 1;
            if (outcome.IsFinding) findings++;
            if (json) console.WriteJson(outcome, CopyJson.Default.StreamOutcome);
            else if (!outcome.IsWorthALine) return;
            else if (lines.Count < MaxLines) lines.Add(outcome);
            else unsaid++;
        }
    }

    /// <param name="nothingBecause">Why nothing was written; null where it was.</param>
    /// <returns>The exit code.</returns>
    public int Finish(string done, string? nothingBecause)
    {
        if (json)
        {
            console.WriteJson(new CopySummary(nothingBecause is null, streams, events, outcomes), CopyJson.Default.CopySummary);
        }
        else
        {
            foreach (var line in lines) console.WriteLine(Words(line));
            if (unsaid > 0) console.WriteLine($"… and {unsaid} more; --json names all.");
            console.WriteLine($"{streams} streams: {string.Join(", ", outcomes.Select(o => $"{o.Value} {o.Key}"))}.");
            console.WriteLine(nothingBecause is null ? $"{done} {events} events." : $"Nothing was written: {nothingBecause}");
        }

        return HasFindings ? ExitCode.Findings : ExitCode.Ok;
    }

    private static string Words(StreamOutcome outcome)
    {
        var revision = outcome is { Outcome: StreamOutcome.Conflict or StreamOutcome.Refused, Revision: { } at } ? $", revision {at}" : "";
        return $"{outcome.Outcome}  {outcome.Id}{revision}{(outcome.Detail is { } detail ? $"  {detail}" : "")}";
    }
}
