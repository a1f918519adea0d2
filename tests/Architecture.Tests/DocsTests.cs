using System.Text.RegularExpressions;

namespace EventSourcedStreams.Architecture.Tests;

/// <summary>What the docs tell an app to write names only what an app can reach.</summary>
public sealed partial class DocsTests
{
    /// <summary>About the inside, for its developers.</summary>
    private static readonly string[] OfTheInside = ["architecture.md", "how-it-works.md", "benchmarks.md"];

    [Fact]
    public void Examples_in_the_docs_name_public_types_only()
    {
        var root = SourceArrows.Root;
        var sources = Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Built().IsMatch(file)).Select(File.ReadAllText);
        var pages = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "src"), "PACKAGE.md", SearchOption.AllDirectories))
            .Append(Path.Combine(root, "README.md"))
            .Where(page => !OfTheInside.Contains(Path.GetFileName(page)))
            .ToDictionary(page => Path.GetRelativePath(root, page), File.ReadAllText);
        pages.Should().HaveCountGreaterThan(10);

        string.Join('\n', Unreachable(pages, sources)).Should().BeEmpty();
    }

    [Fact]
    public void A_type_that_no_app_can_reach_is_found_and_named() =>
        Unreachable(
            new Dictionary<string, string>
            {
                ["a.md"] = """
                    From a program: `Hidden.SaveAsync`. `Hidden` alone is a word, and a word of shell is none:
                    ```sh
                    Hidden
                    ```
                    ```csharp
                    services.Configure<Inner>(o => o.Hidden = new Open { Inner = 1 });
                    ```
                    """,
            },
            ["public class Open;\ninternal sealed class Inner;", "internal static class Hidden;"])
        .Should().Equal("a.md: Hidden", "a.md: Inner");

    private static IEnumerable<string> Unreachable(IReadOnlyDictionary<string, string> pages, IEnumerable<string> sources)
    {
        var declared = sources.SelectMany(source => Declared().Matches(source)).ToLookup(m => m.Groups[2].Value, m => m.Groups[1].Value);
        var hidden = declared.Where(type => !type.Contains("public")).Select(type => type.Key).ToHashSet();
        return from page in pages
               from name in Examples().Matches(page.Value).SelectMany(m => Named().Matches(CommentOrText().Replace(m.Groups[1].Value, ""))).Select(m => m.Value)
                   .Concat(Members().Matches(page.Value).Select(m => m.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal)
               where hidden.Contains(name)
               select $"{page.Key}: {name}";
    }

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex Built();

    [GeneratedRegex(@"^(public|internal)\s+(?:(?:static|sealed|abstract|readonly|partial|ref)\s+)*(?:class|record struct|record|struct|interface|enum)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"```(?:csharp|cs)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Examples();

    [GeneratedRegex(@"""[^""\n]*""|//.*")]
    private static partial Regex CommentOrText();

    /// <summary>No member, and no property that is set.</summary>
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w+\b(?!\s*=[^=])")]
    private static partial Regex Named();

    [GeneratedRegex(@"`([A-Z]\w+)\.[A-Z]\w+[`(]")]
    private static partial Regex Members();
}
