using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Audit.Parts;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Report;

/// <summary>What the stream has beside its body. A file is named and weighed, never shown: a page that is evidence runs
/// nothing of it.</summary>
internal sealed class ReportParts(Html html)
{
    public void Write(IReadOnlyList<ContentItem> content)
    {
        var parts = content.OfType<ContentItem.Part>().ToList();
        if (parts.Count == 0) return;
        html.Write($"<h2>Parts</h2>\n");
        foreach (var part in parts) Write(part);
        html.Line($"""<p class="note">In the order of their starts. Where a part stands in the text is said in bytes of it.</p>""");
    }

    private void Write(ContentItem.Part part)
    {
        html.Line($"""<h3>{part.Number} · {PartTitle.Of(part.Start)}</h3>""");
        html.Line($"""<p class="note">Behind byte {part.Offset} of the text. {Outcome(part)}</p>""");
        Json(part.Start.Detail);
        if (part.Text != "" && part.Start.Encoding is not PartEncoding.Base64) html.Line($"""<pre class="json">{Html.Marked(part.Text)}</pre>""");
        Json(part.End?.Detail);
    }

    private void Json(string? detail)
    {
        if (detail is not null) html.Line($"""<pre class="json">{Html.Marked(detail)}</pre>""");
    }

    private static string Outcome(ContentItem.Part part)
    {
        var text = Encoding.UTF8.GetBytes(part.Text);
        var weight = $"{text.Length} bytes{(text.Length > 0 ? $", SHA-256 {Convert.ToHexStringLower(SHA256.HashData(text))}" : "")}.";
        return part.State switch
        {
            PartState.Done => $"Complete: {weight}",
            PartState.Failed => $"Failed: {part.End!.Error} {weight}",
            PartState.Cut => $"Cut off: {weight}",
            _ => $"Open: {weight}",
        };
    }
}
