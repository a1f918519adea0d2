using System.Text.RegularExpressions;

namespace EventSourcedStreams.Architecture.Tests;

/// <summary>The folders of <c>src/AspNetCore</c> use only those before them, in the order in which
/// <c>docs/architecture.md</c> names them.</summary>
public sealed partial class AspNetCoreTests
{
    [Fact]
    public void Folders_use_only_those_that_the_page_names_before_them()
    {
        var order = Order(File.ReadAllText(Path.Combine(SourceArrows.Root, "docs", "architecture.md")));
        var files = SourceArrows.Read(Path.Combine(SourceArrows.Root, "src", "AspNetCore"));
        var arrows = SourceArrows.Between(files).Where(arrow => arrow.FromFolder != "");

        files.Keys.Select(file => Path.GetDirectoryName(file)!).Where(folder => folder != "").Distinct().Should().BeEquivalentTo(order);
        string.Join('\n', arrows.Where(arrow => order.IndexOf(arrow.ToFolder) is var to && (to < 0 || to > order.IndexOf(arrow.FromFolder))))
            .Should().BeEmpty();
    }

    /// <summary>The folders that the first cells of the table name, row by row.</summary>
    private static List<string> Order(string page)
    {
        var table = page[page.IndexOf("The folders of `AspNetCore`", StringComparison.Ordinal)..];
        table = table[table.IndexOf("\n|", StringComparison.Ordinal)..];
        var rows = table[..table.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').Select(row => row.Split('|').ElementAtOrDefault(1) ?? "");
        return [.. rows.SelectMany(cell => Folder().Matches(cell)).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Folder();
}
