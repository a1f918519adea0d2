using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Show;
using EventSourcedStreams.Audit.Terminal;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Report;

/// <summary>One stream as a page that needs nothing but itself: no script, no network (its own policy forbids
/// both).</summary>
internal sealed class ReportPage(Html html, StreamHistory history, ReportOrigin origin)
{
    private readonly ReportedStream stream = ReportedStream.Of(history);

    public void Write()
    {
        html.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{new Html.Markup(ReportStyle.Policy)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Text stream {history.Id}</title>
            <style>{new Html.Markup(ReportStyle.Css)}</style>
            </head>
            <body>
            {ReportVerdict.Banner(history)}
            <header>
            <p class="over">Report of a text stream</p>
            <h1>{history.Id}</h1>
            </header>

            """);
        new ReportFacts(html).Write(stream);
        Timeline();
        Text();
        if (stream.IsWhole) new ReportParts(html).Write(history.Content());
        Input();
        new ReportEvents(html).Write([.. ShownEvent.Of(history)]);
        ReportVerdict.Write(html, history);
        html.Write($"""
            <footer>
            <p>Made {Html.Dated(TimeArgument.Show(origin.MadeAt))} by EventSourcedStreams audit {origin.Version}.</p>
            <p>Store {origin.Store}, prefix {origin.Prefix}, log {origin.LogId ?? "without an identity"}.</p>
            <p>Times are UTC, by the clock of the node that wrote; order comes from the revision. Lengths are bytes of UTF-8.</p>
            </footer>
            </body>
            </html>

            """);
    }

    private void Timeline()
    {
        if (TimelinePicture.Of(stream.Recorded) is not { } picture) return;
        html.Write($"""
            <h2>Timeline</h2>
            <figure>
            {picture}
            <p class="note">The curve is the text as it was saved, the bars below it are its batches, each from its first piece to its writing.</p>
            </figure>

            """);
    }

    private void Text()
    {
        if (stream.Body is not { } body) return;
        var text = body.Text.ToString();
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var isMarked = TerminalText.Escape(text, keep: "\n\t").Length != text.Length;
        html.Line($"""<h2>{(stream.IsWhole ? "Text" : "Text before the damage")}</h2>""");
        if (body.Summary.Length == 0)
        {
            html.Line($"""<p class="note">No text was saved.</p>""");
            return;
        }

        html.Write($"""<div class="text">""");
        foreach (var e in stream.Recorded)
        {
            if (e.Event is not ChunkPersisted chunk) continue;
            html.Write($"""<span title="Revision {e.Revision}, {TimeArgument.Show(chunk.At)}">""");
            html.WriteText(chunk.Text);
            html.Write($"</span>");
        }

        html.Write($"""
            </div>
            <p class="note">{body.Summary.Length} bytes, SHA-256 {digest}.{(isMarked ? " Marked numbers stand for characters that cannot be seen." : "")}</p>

            """);
    }

    private void Input()
    {
        if (stream.Recorded.Select(e => e.Event).OfType<StreamCreated>().FirstOrDefault()?.Input is not { } input) return;
        html.Write($"""
            <h2>Input</h2>
            <pre class="json">{Html.Marked(input)}</pre>
            <p class="note">As the source received it.</p>

            """);
    }
}
