using System.Globalization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Show;

namespace EventSourcedStreams.Audit.Report;

/// <summary>Every event, with its id and its hash.</summary>
internal sealed class ReportEvents(Html html)
{
    public void Write(IReadOnlyList<ShownEvent> events)
    {
        if (events.Count == 0) return;
        html.Write($"""
            <h2>Events</h2>
            <table>
            <thead><tr><th class="n">Rev</th><th>Time</th><th class="n">Gap&nbsp;s</th><th>Event</th><th class="n">Size</th><th class="n">Epoch</th><th>Actor</th><th>What it says</th></tr></thead>

            """);
        foreach (var e in events) Write(e);
        html.Write($"</table>\n");
    }

    private void Write(ShownEvent e) => html.Write($"""
        <tbody class="{(e.Damage is null ? "" : "bad")}">
        <tr><td class="n rev">{e.Revision}</td><td class="t">{(e.At is { } at ? TimeArgument.Show(at) : "")}</td><td class="n gap">{e.GapSeconds?.ToString("0.000", CultureInfo.InvariantCulture)}</td><td>{e.Type}</td><td class="n size">{e.Size}</td><td class="n epoch">{e.Epoch}</td><td class="by">{e.Actor}</td><td>{(e.Damage is { } damage ? Html.Of($"""<b>Damaged: {damage}</b> """) : default)}{Html.Dated(e.Detail ?? "")}</td></tr>
        <tr><td></td><td class="id" colspan="7">{e.EventId}{(e.Hash is { } hash ? " · " + hash : "")}{(e.Node is { } node ? $" · {node} {e.Run}" : "")}</td></tr>
        </tbody>

        """);
}
