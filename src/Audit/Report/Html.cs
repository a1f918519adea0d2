using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Report;

/// <summary>Writes HTML in which every hole of an interpolated string is escaped: no stored text can become markup,
/// hide, or turn the direction of writing.</summary>
internal sealed partial class Html(TextWriter writer)
{
    /// <summary>What is markup already: the only thing that goes into a hole as it is.</summary>
    public readonly record struct Markup(string Value);

    public void Write(FormattableString html) => writer.Write(Format(html));

    public void Line(FormattableString html)
    {
        Write(html);
        writer.Write('\n');
    }

    /// <summary>Text between tags. What cannot be seen, or would drive what shows it, becomes a marked number: so it is
    /// told from a text that has such a number in it.</summary>
    public void WriteText(string text) => writer.Write(Marked(text).Value);

    public static Markup Of(FormattableString html) => new(Format(html));

    /// <summary>Text in which no date is broken at the end of a line.</summary>
    public static Markup Dated(string text)
    {
        var (html, at) = (new StringBuilder(text.Length + 16), 0);
        foreach (var date in Dates().EnumerateMatches(text))
        {
            html.Append(Marked(text[at..date.Index]).Value);
            html.Append("<span class=\"t\">").Append(text.AsSpan(date.Index, date.Length)).Append("</span>");
            at = date.Index + date.Length;
        }

        return new(html.Append(Marked(text[at..]).Value).ToString());
    }

    /// <inheritdoc cref="WriteText"/>
    public static Markup Marked(string text)
    {
        var html = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = TerminalText.Escape(rune.ToString(), keep: "\n\t");
            if (shown.Length > 2) html.Append("<i>").Append(shown).Append("</i>");
            else Append(html, shown);
        }

        return new(html.ToString());
    }

    private static string Format(FormattableString html) => string.Format(
        CultureInfo.InvariantCulture,
        html.Format,
        [.. html.GetArguments().Select(hole => hole is Markup markup ? markup.Value : Escape(Show(hole)))]);

    private static string Show(object? hole) => hole switch
    {
        double number => number.ToString("0.##", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => hole?.ToString() ?? "",
    };

    private static string Escape(string text)
    {
        var html = new StringBuilder(text.Length + 16);
        Append(html, TerminalText.Escape(text, keep: "\n\t"));
        return html.ToString();
    }

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z", RegexOptions.CultureInvariant)]
    private static partial Regex Dates();

    private static void Append(StringBuilder html, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                '\'' => html.Append("&#39;"),
                _ => html.Append(c),
            };
        }
    }
}
