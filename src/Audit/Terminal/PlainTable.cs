namespace EventSourcedStreams.Audit.Terminal;

/// <summary>
/// A table for a file or a pipe. No column is wider than most of its cells need, and nothing follows the last one: a
/// long cell makes its own row longer, not all of them.
/// </summary>
internal static class PlainTable
{
    /// <summary>Two blanks between columns.</summary>
    private const string Between = "  ";

    /// <summary>A cell that is longer is no measure for the others.</summary>
    private const int MaxWidth = 40;

    /// <param name="right">Columns whose cells stand at their right end.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string> header, IReadOnlySet<int> right, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = header.Select((name, column) => rows.Select(row => row[column].Length).Where(width => width <= MaxWidth).Append(name.Length).Max()).ToArray();
        yield return Line(header, right, widths);
        foreach (var row in rows) yield return Line(row, right, widths);
    }

    private static string Line(IReadOnlyList<string> cells, IReadOnlySet<int> right, int[] widths) => string.Join(
        Between, cells.Select((cell, column) => right.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
}
