using EventSourcedStreams.Audit.Histories;

namespace EventSourcedStreams.Audit.Report;

/// <summary>What was checked and what came of it.</summary>
internal static class ReportVerdict
{
    /// <summary>Above everything; the rest stands under Verification.</summary>
    private const int MostAbove = 5;

    public static Html.Markup Banner(StreamHistory history) => history switch
    {
        { IsGone: true } => Html.Of($"""<p class="verdict bad"><b>Deleted.</b> {Absence.Gone(history.Id, history.Deletion).Message}</p>"""),
        { Damage: [], Findings: [] } => Html.Of($"""<p class="verdict"><b>Unchanged.</b> The {history.Events.Count} events of this stream stand without gap, each may follow the one before it, and the hash chain over them holds.</p>"""),
        _ => Html.Of($"""
            <p class="verdict bad"><b>Not as it was written.</b> {Summary(history)}</p>
            {Found(history, MostAbove)}
            """),
    };

    public static void Write(Html html, StreamHistory history)
    {
        if (history.IsGone) return;
        html.Write($"""
            <h2>Verification</h2>
            <p>Checked for this report: revisions without gap from 0 on, the hash of every event over the event before it, its type, times, actor, data
            and metadata, that it may follow the one before it, the offset of every chunk, one ending, and the length there.</p>

            """);
        if (history is { Damage: [], Findings: [] }) html.Write($"<p>Nothing was found.</p>\n");
        else html.Line($"{Found(history, int.MaxValue)}");
        html.Write($"""
            <p class="note">The chain finds damage and edits. It cannot tell a stream whose end was cut off, or whose whole chain was made anew: that
            is found against a statement signed before (streams-audit verify --against).</p>

            """);
    }

    private static string Summary(StreamHistory history) => history.Damage.Count == 0
        ? "The hash chain holds, but the stream has events that cannot follow each other."
        : $"The stream is damaged{(history.Body is { } body ? $" behind revision {body.Revision}" : " from its beginning on")}.";

    private static Html.Markup Found(StreamHistory history, int most)
    {
        var lines = history.Damage.Select(damage => (damage.Revision, What: damage.What))
            .Concat(history.Findings.Select(finding => (finding.Revision, What: $"expected {finding.Expected}; found: {finding.Found}"))).ToList();
        var shown = string.Concat(lines.Take(most).Select(line =>
            Html.Of($"<li>{(line.Revision is { } revision ? $"Revision {revision}: " : "")}{Html.Dated(line.What)}</li>").Value));
        var rest = lines.Count > most ? Html.Of($"<li>{lines.Count - most} more, under Verification.</li>").Value : "";
        return new($"""<ul class="bad">{shown}{rest}</ul>""");
    }
}
