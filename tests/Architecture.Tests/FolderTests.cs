namespace EventSourcedStreams.Architecture.Tests;

/// <summary>Within a project no two folders refer to each other, neither directly nor by way of others.</summary>
public sealed class FolderTests
{
    [Fact]
    public void No_folders_of_a_project_go_round_in_a_circle() =>
        string.Join('\n', Projects().SelectMany(project => Circles(SourceArrows.Read(project)))).Should().BeEmpty();

    [Fact]
    public void A_circle_is_found_and_named()
    {
        var files = new Dictionary<string, string>
        {
            ["A/One.cs"] = "class One { Two x; }",
            ["B/Two.cs"] = "class Two { Three x; }",
            ["C/Three.cs"] = "class Three { One x; }",
            ["D/Four.cs"] = "class Four { One x; }",
        };

        Circles(files).Should().Equal("A/One.cs -> B/Two.cs (Two)", "B/Two.cs -> C/Three.cs (Three)", "C/Three.cs -> A/One.cs (One)");
    }

    [Fact]
    public void What_extension_methods_ref_structs_and_delegates_lean_on_counts()
    {
        var files = new Dictionary<string, string>
        {
            ["A/Cutting.cs"] = """
                static class Cutting
                {
                    public static async Task<(int, int)> CutAsync<T>(
                        this T http, Piece piece) => new();

                    public static void Write(this Stream to) { }
                }
                """,
            ["B/Filter.cs"] = "class Filter { Task F(Http http) => http.CutAsync(); void G(Other o) => o.Write(); }",
            ["B/Piece.cs"] = "internal readonly ref struct Piece(int x);\ninternal delegate Task<int> Taken<T>(T x);",
            ["C/Other.cs"] = "class Other\n{\n    public void Write() { }\n    public Taken? taken;\n}",
        };

        SourceArrows.Between(files).Select(arrow => arrow.ToString()).Should().BeEquivalentTo(
            "A/Cutting.cs -> B/Piece.cs (Piece)", "B/Filter.cs -> C/Other.cs (Other)", "B/Filter.cs -> A/Cutting.cs (CutAsync)",
            "C/Other.cs -> B/Piece.cs (Taken)");
    }

    private static IEnumerable<string> Projects() => Directory
        .EnumerateFiles(Path.Combine(SourceArrows.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Select(file => Path.GetDirectoryName(file)!);

    /// <summary>The arrows between folders from whose end a way leads back to their start.</summary>
    private static IEnumerable<string> Circles(IReadOnlyDictionary<string, string> files)
    {
        var arrows = SourceArrows.Between(files).Where(arrow => arrow.FromFolder != arrow.ToFolder).ToList();
        var next = arrows.ToLookup(arrow => arrow.FromFolder, arrow => arrow.ToFolder);
        return arrows.Where(arrow => Reaches(arrow.ToFolder, arrow.FromFolder, next, [])).Select(arrow => arrow.ToString());
    }

    private static bool Reaches(string from, string to, ILookup<string, string> next, HashSet<string> seen) =>
        from == to || (seen.Add(from) && next[from].Any(folder => Reaches(folder, to, next, seen)));
}
