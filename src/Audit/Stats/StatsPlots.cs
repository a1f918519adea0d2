using System.Globalization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;
using Spectre.Console;

namespace EventSourcedStreams.Audit.Stats;

/// <summary>Statistics for the eye: numbers, a table of percentiles, bars.</summary>
internal sealed class StatsPlots(AuditConsole console)
{
    private const int MostColumns = 80;
    private const int MostBars = 14;
    private const int Parts = 10;
    private const int MaxNameChars = 40;

    private static readonly string[] Header = ["", "count", "min", "mean", "p50", "p90", "p95", "p99", "max"];
    private static readonly HashSet<int> Right = [1, 2, 3, 4, 5, 6, 7, 8];

    public void Write(Statistics s)
    {
        console.WriteLine(Line($"{s.Streams} streams, {s.Events} events of {s.StoredBytes} bytes, {s.Chunks} chunks of text, {s.TextBytes} bytes"));
        if (s is { FirstAt: { } first, LastAt: { } last }) console.WriteLine($"from {TimeArgument.Show(first)} to {TimeArgument.Show(last)}");
        Bars("Streams by status", s.ByStatus.OrderByDescending(status => status.Value));
        Bars("Not ended well, by cause", s.ByCause.OrderByDescending(cause => cause.Value));
        Bars("Streams by source", s.BySource.OrderByDescending(source => source.Value));
        Bars("Streams created, by day", s.ByDay.TakeLast(MostBars).Select(day => KeyValuePair.Create(day.Key.ToString("yyyy-MM-dd"), day.Value)));
        Percentiles(s);
        Spread("Time to first text", s.FirstToken);
        Spread("Duration", s.Duration);
    }

    private void Bars(string title, IEnumerable<KeyValuePair<string, long>> counts)
    {
        var bars = counts.Take(MostBars).ToList();
        if (bars.Count == 0) return;
        var chart = new BarChart().Width(Math.Min(console.Styled.Profile.Width, MostColumns)).Culture(CultureInfo.InvariantCulture);
        foreach (var (name, count) in bars) chart.AddItem(Markup.Escape(TerminalText.Escape(EventDetail.Excerpt(name, MaxNameChars))), count, Color.Teal);
        console.WriteLine("");
        console.WriteLine(title);
        console.Styled.Write(chart);
    }

    private void Spread(string title, Distribution spread) =>
        Bars(title, spread.Parts(Parts).Select(part => KeyValuePair.Create(Line($"up to {Number(part.To)} s"), part.Count)));

    private void Percentiles(Statistics s)
    {
        List<IReadOnlyList<string>> rows =
        [
            .. Row("waiting for a driver, s", s.Waiting),
            .. Row("time to first text, s", s.FirstToken),
            .. Row("duration, s", s.Duration),
            .. Row("length, bytes", s.Length, digits: "0"),
            .. Row("chunk, bytes", s.ChunkBytes, digits: "0"),
            .. Row("gathering a chunk, s", s.Gathering),
        ];
        if (rows.Count == 0) return;
        console.WriteLine("");
        console.WriteTable(Header, Right, rows);
    }

    /// <param name="digits">Null for as many as the number needs.</param>
    private static IEnumerable<IReadOnlyList<string>> Row(string name, Distribution spread, string? digits = null)
    {
        if (DistributionView.Of(spread) is not { } d) yield break;
        var numbers = new[] { d.Min, d.Mean, d.P50, d.P90, d.P95, d.P99, d.Max }
            .Select(number => digits is null ? Number(number) : number.ToString(digits, CultureInfo.InvariantCulture));
        yield return [name, d.Count.ToString(CultureInfo.InvariantCulture), .. numbers];
    }

    /// <summary>Three digits that count, more for what is large.</summary>
    private static string Number(double number) => number.ToString(
        number >= 100 ? "0" : number >= 10 ? "0.0" : number >= 1 ? "0.00" : "0.0000", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
