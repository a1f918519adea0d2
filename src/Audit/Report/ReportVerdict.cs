using EventSourcedStreams.Audit.Histories;

namespace EventSourcedStreams.Audit.Report;

/// <summary>What was checked and what came of it.</summary>
internal static class ReportVerdict
{
    public static Html.Markup Banner(StreamHistory history) => history switch
    {
        { IsGone: true } => Html.Of($"""<p class="verdict bad">{Absence.Gone(history.Id, history.Deletion).Message}</p>"""),
        { Damage: [], Findings: [] } => Html.Of($"""<p class="verdict">Nothing was found: the {history.Events.Count} events of this stream stand without gap, each may follow the one before it, and the hash chain over them holds.</p>"""),
        { Damage: [] } => Html.Of($"""<p class="verdict bad">The hash chain holds, but the stream has events that cannot follow each other. What was found is listed under Verification.</p>"""),
        _ => Html.Of($"""<p class="verdict bad">The stream is damaged{(history.Body is { } body ? $" behind revision {body.Revision}" : " from its beginning on")}. What was found is listed under Verification.</p>"""),
    };

    public static void Write(Html html, StreamHistory history)
    {
        if (history.IsGone) return;
        html.Write($"""
            <h2>Verification</h2>
            <p>Checked for this report: revisions without gap from 0 on, the hash of every event over the event before it, its type, times, actor, data
            and metadata, that it may follow the one before it, the offset of every chunk, one ending, and the length there.</p>

            """);
        if (history is { Damage: [], Findings: [] })
            html.Write($"<p>Nothing was found.</p>\n");
        else
        {
            html.Write($"""<ul class="bad">""");
            foreach (var damage in history.Damage)
                html.Write($"<li>{(damage.Revision is { } revision ? $"Revision {revision}: " : "")}{damage.What}</li>");
            foreach (var finding in history.Findings)
                html.Write($"<li>{(finding.Revision is { } revision ? $"Revision {revision}: " : "")}expected {finding.Expected}; found: {finding.Found}</li>");
            html.Write($"</ul>\n");
        }

        html.Write($"""
            <p class="note">The chain finds damage and edits. It cannot tell a stream whose end was cut off, or whose whole chain was made anew: that
            is found against a statement signed before (audit verify --against).</p>

            """);
    }
}
