using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Report;

/// <summary>The stream in a few words: its outcome, times and actors.</summary>
internal sealed class ReportFacts(Html html)
{
    public void Write(ReportedStream stream)
    {
        if (stream.Body is not { Summary: var s }) return;
        var recorded = stream.Recorded;
        html.Line($"""<dl class="facts">""");
        Fact("Status", stream.IsWhole ? s.Status.Name() : $"{s.Status.Name()} up to revision {s.Revision}; not known behind it");
        Fact("Length", EventDetail.Extent(s.Length, s.Chunks));
        if (s.Parts > 0) Fact("Parts", EventDetail.Parts(s.Parts, s.PartBytes));
        Fact("Source", s.Source);
        Fact("Created", Moment(recorded, e => e is StreamCreated));
        Fact("Started", Moment(recorded, e => e is StreamStarted));
        Fact("Ended", Moment(recorded, e => e.IsEnding));
        Fact("Deleted", Moment(recorded, e => e is StreamDeleted));
        if (s is { StartedAt: { } started, EndedAt: { } ended }) Fact("From start to end", EventDetail.Seconds(ended - started));
        var start = recorded.Select(e => e.Event).OfType<StreamStarted>().FirstOrDefault();
        Fact("Provider", start?.Provider);
        Fact("Model", start?.Model);
        Fact("Finish reason", s.FinishReason);
        Fact("Stopped by", s.Error?.By);
        if (s.Error is { } error) Fact("Why", error.Code == "cancelled" ? error.Message : $"{error.Code}: {error.Message}", "wide");
        if (s.Labels.Count > 0) Fact("Labels", string.Join(", ", s.Labels.Select(label => $"{label.Key}: {label.Value}")), "wide");
        if (s.Driver is { } driver) Fact("Driven by node", $"{driver.Node}, run {driver.Run}", "wide");
        if (recorded is [.., var last])
            Fact("Head", $"revision {last.Revision}, hash {last.Hash}", "wide");
        html.Write($"</dl>\n");
    }

    private static string? Moment(IReadOnlyList<RecordedEvent> recorded, Func<StreamEvent, bool> isIt) =>
        recorded.FirstOrDefault(e => isIt(e.Event)) is { } found ? $"{TimeArgument.Show(found.Event.At)}, by {found.Context.Actor}" : null;

    private void Fact(string name, string? value, string kind = "")
    {
        if (value is not null) html.Line($"""<div class="{kind}"><dt>{name}</dt><dd>{Html.Dated(value)}</dd></div>""");
    }
}
