using System.Text.RegularExpressions;

namespace EventSourcedStreams.Architecture.Tests;

/// <summary>Comments and docs have short lines, and sentences whose subject is a noun of the code.</summary>
public sealed partial class ProseTests
{
    private const int MaxColumns = 120;

    private static readonly string[] Endings = [".cs", ".js", ".mjs", ".ts", ".md"];

    /// <summary>Made by a build or a run.</summary>
    private static readonly string[] Made = ["bin", "obj", "node_modules", "artifacts", "dist", "data", "data-chat", "TestResults"];

    [Fact]
    public void Comments_and_docs_have_lines_of_at_most_120_columns() =>
        string.Join('\n', Files().SelectMany(file => TooLong(file.Path, file.Text))).Should().BeEmpty();

    [Fact]
    public void Comments_and_docs_speak_of_the_code_and_not_of_persons() =>
        string.Join('\n', Files().SelectMany(file => OfPersons(file.Path, file.Text))).Should().BeEmpty();

    [Fact]
    public void A_long_line_is_found_and_named()
    {
        var (words, code) = (string.Concat(Enumerable.Repeat("word ", 30)), $"var a = \"{new string('a', 150)}\";");

        TooLong("a.cs", $"// {words}\n    /// {words}\n{code}\n#pragma warning disable X // {words}\n// short").Should().Equal("a.cs:1", "a.cs:2");
        TooLong("a.js", $" * {words}\n// http://{new string('a', 150)}").Should().Equal("a.js:1");
        TooLong("a.md", $"{words}\n- {words}\n| {words} |\n## {words}\n[a]: b {words}\n```\n{words}\n```\n<img {words}").Should().Equal("a.md:1", "a.md:2");
    }

    [Fact]
    public void A_person_as_a_subject_is_found_and_named()
    {
        OfPersons("a.cs", "// Nobody reads it.\n/// <summary>Who drives it has it.</summary>\nvar nobody = 1;\n// It says who made it.").Should().Equal("a.cs:1", "a.cs:2");
        OfPersons("a.md", "For whoever asks.\n`nobody` is a name. Who is trusted?\n```\nnobody\n```\nA reader and his text.").Should().Equal("a.md:1", "a.md:6");
    }

    private static IEnumerable<string> TooLong(string path, string text) =>
        from line in Prose(path, text)
        where line.Text.Length > MaxColumns && Content().Match(line.Text).Groups[1].Value is var content
            && content.IndexOf(' ') is >= 0 and var first && line.Text.Length - content.Length + first <= MaxColumns
        where !path.EndsWith(".md", StringComparison.Ordinal) || !Unbroken().IsMatch(line.Text)
        select $"{path}:{line.Number}";

    private static IEnumerable<string> OfPersons(string path, string text) =>
        from line in Prose(path, text)
        where Person().IsMatch(Quoted().Replace(line.Text, ""))
        select $"{path}:{line.Number}";

    /// <summary>The lines that hold nothing but a comment; of a page all but its examples.</summary>
    private static IEnumerable<(int Number, string Text)> Prose(string path, string text)
    {
        var isExample = false;
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (!path.EndsWith(".md", StringComparison.Ordinal))
            {
                if (Comment().IsMatch(line)) yield return (index + 1, line.TrimEnd('\r'));
                continue;
            }

            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isExample ^= isFence;
            if (!isExample && !isFence) yield return (index + 1, line.TrimEnd('\r'));
        }
    }

    /// <summary>tests/names.sh reads tests/removed-tests.md, a line for each name.</summary>
    private static IEnumerable<(string Path, string Text)> Files() =>
        Below(SourceArrows.Root)
            .Where(file => Endings.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != "removed-tests.md")
            .Select(file => (Path.GetRelativePath(SourceArrows.Root, file), File.ReadAllText(file)));

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            from inner in Directory.EnumerateDirectories(folder)
            let name = Path.GetFileName(inner)
            where !name.StartsWith('.') && !Made.Contains(name) && !Ignored(folder).Contains(name)
            from file in Below(inner)
            select file);

    /// <summary>What a folder's own list keeps out of the repository: a package's build, generated code.</summary>
    private static IEnumerable<string> Ignored(string folder)
    {
        var list = Path.Combine(folder, ".gitignore");
        return File.Exists(list) ? File.ReadLines(list).Select(line => line.Trim('/')) : [];
    }

    [GeneratedRegex(@"^\s*(//|/\*|\*)")]
    private static partial Regex Comment();

    /// <summary>What stands behind a line's marks.</summary>
    [GeneratedRegex(@"^[\s/*>-]*(.*)$")]
    private static partial Regex Content();

    /// <summary>A row of a table, a heading, a tag, a link's definition.</summary>
    [GeneratedRegex(@"^\s*([|#<]|\[[^\]]+\]:)")]
    private static partial Regex Unbroken();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Quoted();

    /// <summary>Anywhere, and "who" where it begins a sentence that is no question.</summary>
    [GeneratedRegex(@"\b([Nn]obody|[Ss]omebody|[Aa]nybody|[Ee]verybody|[Ww]hoever|[Hh]is|[Hh]im)\b|(^[\s/*>-]*|[.:;!] |<summary>)Whom?\b(?!.*\?)")]
    private static partial Regex Person();
}
