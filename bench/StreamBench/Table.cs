using System.Text.Json;

namespace EventSourcedStreams.StreamBench;

/// <summary>What was measured: ours, the plain endpoint's in the same run, their ratio, the ratio that is kept in the
/// tree, and the bar.</summary>
internal sealed class Table(string? plots)
{
    /// <summary>By how much a ratio may be worse than the one kept.</summary>
    private const double Tolerance = 1.15;

    private static readonly string KeptFile = Path.Combine(AppContext.BaseDirectory, "figures.json");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Dictionary<string, double> kept = File.Exists(KeptFile)
        ? JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(KeptFile))!
        : [];

    private readonly List<Row> rows = [];

    /// <summary>What the next rows are measured on.</summary>
    public string Log { get; set; } = LogUnderTest.Embedded;

    public void Add(string what, double ours, double plain, string unit, string bar) =>
        rows.Add(new Row(what, Log, $"{ours:0.###} {unit}", $"{plain:0.###} {unit}", ours / plain, bar));

    public void Add(string what, double ours, string unit, string bar) => rows.Add(new Row(what, Log, $"{ours:0.###} {unit}", "", null, bar));

    /// <summary>Draws distributions, where pictures were asked for; those of the embedded log have the plain
    /// name.</summary>
    public void Draw(string file, string title, string unit, params (string Name, Distribution Values)[] all)
    {
        if (plots is null) return;
        Directory.CreateDirectory(plots);
        if (Log != LogUnderTest.Embedded) file = $"{Log}-{file}";
        File.WriteAllText(Path.Combine(plots, file), Plot.Svg(title, unit, all));
    }

    /// <summary>As Markdown.</summary>
    public void Print()
    {
        string[][] cells =
        [
            ["what", "log", "ours", "plain", "ratio", "kept", "bar"],
            .. rows.Select(row => (string[])[row.What, row.Log, row.Ours, row.Plain, Two(row.Ratio), Two(Kept(row)), row.Bar]),
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < cells.Length; i++)
        {
            Console.WriteLine("| " + string.Join(" | ", cells[i].Select((cell, column) => cell.PadRight(widths[column]))) + " |");
            if (i == 0) Console.WriteLine("|" + string.Concat(widths.Select(width => new string('-', width + 2) + "|")));
        }
    }

    /// <summary>Ratios that are worse than the kept ones by more than 15 %, in words.</summary>
    public IEnumerable<string> Worse() =>
        from row in rows
        where row.Ratio is { } ratio && Kept(row) is { } before && (row.IsRate ? ratio * Tolerance < before : ratio > before * Tolerance)
        select $"{row.What} on {row.Log}: {Two(row.Ratio)} of the plain endpoint's, {Two(Kept(row))} kept.";

    /// <summary>The ratios of this run, for the file in the tree.</summary>
    public void Keep(string file) => File.WriteAllText(
        file, JsonSerializer.Serialize(rows.Where(row => row.Ratio is not null).ToDictionary(Key, row => Math.Round(row.Ratio!.Value, 2)), Indented) + "\n");

    private double? Kept(Row row) => row.Ratio is not null && kept.TryGetValue(Key(row), out var ratio) ? ratio : null;

    private static string Key(Row row) => $"{row.Log}: {row.What}";

    private static string Two(double? ratio) => ratio is { } known ? $"{known:0.00}" : "";

    private sealed record Row(string What, string Log, string Ours, string Plain, double? Ratio, string Bar)
    {
        /// <summary>More is better.</summary>
        public bool IsRate => Bar.StartsWith('≥');
    }
}
