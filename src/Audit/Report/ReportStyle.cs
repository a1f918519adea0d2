using System.Security.Cryptography;
using System.Text;

namespace EventSourcedStreams.Audit.Report;

/// <summary>How the page looks, on a screen and on paper.</summary>
internal static class ReportStyle
{
    /// <summary>Of the whole page: nothing but this style, and no place to send anything to.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; base-uri 'none'; form-action 'none'";

    /// <summary>Whole between its tags: the policy names its digest.</summary>
    public static string Css => Lines.ReplaceLineEndings("\n");

    private const string Lines = """
        :root { --ink: #1d1e1b; --soft: #5f5f58; --line: #dedbd2; --paper: #fff; --tint: #f4f2ec; --accent: #0d6b5e; --bad: #a52f21;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
          --prose: Charter, "Bitstream Charter", "Iowan Old Style", Cambria, "Noto Serif", "DejaVu Serif", serif;
          --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 64rem; padding: 3rem 2rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans); }
        h1, h2, p, dl, dd, figure, pre { margin: 0; }
        h1 { font: 400 2.4rem/1.15 var(--prose); letter-spacing: -0.015em; overflow-wrap: anywhere; }
        h2 { margin: 3rem 0 0.9rem; padding-top: 0.9rem; border-top: 1px solid var(--line); font: 400 1.4rem/1.25 var(--prose); }
        h3 { margin: 1.4rem 0 0.3rem; font: 600 0.95rem/1.4 var(--sans); overflow-wrap: anywhere; }
        .over { margin-bottom: 0.4rem; color: var(--soft); font-size: 0.85rem; letter-spacing: 0.04em; }
        .verdict { margin: 0; padding: 0.7rem 1rem; border-left: 3px solid var(--accent); background: #eef5f3; overflow-wrap: anywhere; }
        header { margin-top: 2rem; }
        .verdict + ul.bad { margin: 0; padding: 0 1rem 0.7rem 2.2rem; border-left: 3px solid var(--bad); background: #fbeeeb; }
        .verdict b { color: var(--accent); } .verdict.bad b { color: var(--bad); }
        .verdict.bad { border-color: var(--bad); background: #fbeeeb; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(15.5rem, 1fr)); gap: 1.1rem 1.5rem; margin: 1.75rem 0 0; }
        .facts div { min-width: 0; }
        .facts .wide { grid-column: 1 / -1; }
        dt { color: var(--soft); font-size: 0.8rem; }
        dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
        .note { margin-top: 0.6rem; color: var(--soft); font-size: 0.85rem; max-width: 46rem; overflow-wrap: anywhere; }
        li { overflow-wrap: anywhere; }
        svg { display: block; width: 100%; height: auto; font: 11px var(--sans); }
        svg.narrow { display: none; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .tick { fill: var(--soft); font-variant-numeric: tabular-nums; }
        .area { fill: #0d6b5e1c; } .curve { fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-linejoin: round; }
        .base { fill: none; stroke: var(--soft); } .batch { fill: var(--accent); opacity: 0.75; }
        path.moment { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 2; } path.bad { stroke: var(--bad); }
        text.moment { fill: var(--ink); stroke: var(--paper); stroke-width: 4px; paint-order: stroke; } text.bad { fill: var(--bad); }
        .text { padding: 1.25rem 1.5rem; border: 1px solid var(--line); background: #fcfbf8; font: 1.05rem/1.65 var(--prose);
          white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; unicode-bidi: plaintext; }
        .json { padding: 0.9rem 1.1rem; background: var(--tint); font: 0.82rem/1.55 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
        .text i, td i, .json i { padding: 0 0.15em; background: #f0e3c4; color: #6b4e00; font: 0.8em var(--mono); }
        table { width: 100%; border-collapse: collapse; font-size: 0.84rem; font-variant-numeric: tabular-nums; }
        th { padding: 0 0.8rem 0.4rem 0; border-bottom: 1px solid var(--ink); color: var(--soft); font-weight: 500; text-align: left; }
        td { padding: 0.45rem 0.8rem 0 0; vertical-align: top; }
        tbody { border-bottom: 1px solid var(--line); }
        th.n, td.n { text-align: right; } .t { white-space: nowrap; } td:last-child { overflow-wrap: anywhere; }
        td.id { padding: 0.1rem 0 0.45rem; color: var(--soft); font: 0.68rem/1.4 var(--mono); overflow-wrap: anywhere; }
        tbody.bad { background: #fbeeeb; } tbody.bad b, ul.bad { color: var(--bad); font-weight: 600; } ul.bad { font-weight: 400; }
        ul { margin: 0.5rem 0 0; padding-left: 1.2rem; }
        footer { margin-top: 3rem; padding-top: 0.9rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.82rem; }
        footer p { overflow-wrap: anywhere; }
        @media screen and (max-width: 44rem) {
          body { padding: 1rem 1rem 2.5rem; }
          h1 { font-size: 1.7rem; } h2 { margin-top: 2rem; }
          header { margin-top: 1.25rem; } .text { padding: 0.9rem 1rem; }
          svg.wide { display: none; } svg.narrow { display: block; }
          table, tbody, tr { display: block; } thead, td:empty { display: none; }
          tbody { padding: 0.5rem 0; }
          td, td.id { display: inline-block; max-width: 100%; padding: 0 0.5rem 0 0; text-align: left; overflow-wrap: anywhere; }
          td.rev { font-weight: 600; } td.gap::before { content: "+"; } td.gap::after { content: " s"; }
          td.size::after { content: " bytes"; } td.epoch::before { content: "epoch "; } td.by::before { content: "by "; }
          td:last-child { display: block; }
        }
        @media print {
          @page { margin: 16mm 14mm; }
          body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          h1 { font-size: 20pt; } h2 { break-after: avoid; }
          tbody, figure, .verdict, .facts div { break-inside: avoid; } thead { display: table-header-group; }
          .text { font-size: 10.5pt; }
        }
        """;
}
