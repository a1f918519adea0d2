namespace EventSourcedStreams.StreamBench;

/// <summary>What was measured: ours, the plain endpoint's in the same run, and the bar.</summary>
internal sealed class Table(string? plots)
{
    private readonly List<string[]> rows = [["what", "log", "ours", "plain", "ratio", "bar"]];

    /// <summary>What the next rows are measured on.</summary>
    public string Log { get; set; } = LogUnderTest.Embedded;

    public void Add(string what, double ours, double plain, string unit, string bar) =>
        rows.Add([what, Log, $"{ours:0.###} {unit}", $"{plain:0.###} {unit}", $"{ours / plain:0.00}", bar]);

    public void Add(string what, double ours, string unit, string bar) => rows.Add([what, Log, $"{ours:0.###} {unit}", "", "", bar]);

    /// <summary>Draws distributions, where pictures were asked for; those of the embedded log have the plain name.</summary>
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
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            Console.WriteLine("| " + string.Join(" | ", rows[i].Select((cell, column) => cell.PadRight(widths[column]))) + " |");
            if (i == 0) Console.WriteLine("|" + string.Concat(widths.Select(width => new string('-', width + 2) + "|")));
        }
    }
}
