using System.Text.RegularExpressions;

namespace EventSourcedStreams.Architecture.Tests;

/// <summary>A file that names a type, in code or in a <c>cref</c>, and the file that declares it.</summary>
internal sealed record Arrow(string From, string To, string Type)
{
    public string FromFolder => Path.GetDirectoryName(From)!;

    public string ToFolder => Path.GetDirectoryName(To)!;

    public override string ToString() => $"{From} -> {To} ({Type})";
}

/// <summary>
/// Which source files lean on which, by the names of the types that stand at the outermost level. A nested type is
/// named by the one around it. A name that two files declare (a partial class is one type) points at neither of them.
/// </summary>
internal static partial class SourceArrows
{
    /// <param name="files">Path and text.</param>
    public static IReadOnlyList<Arrow> Between(IReadOnlyDictionary<string, string> files)
    {
        var declared = files
            .SelectMany(file => Declaration().Matches(file.Value).Select(m => (Type: m.Groups[1].Value, file.Key)))
            .GroupBy(d => d.Type)
            .Where(type => type.Select(d => Path.GetDirectoryName(d.Key)).Distinct().Count() == 1)
            .ToDictionary(type => type.Key, type => type.First().Key);
        return
        [
            .. from file in files
               from name in Name().Matches(CommentOrText().Replace(file.Value, "")).Select(m => m.Groups[1].Value)
                   .Concat(Cref().Matches(file.Value).Select(m => m.Groups[1].Value)).Distinct()
               where declared.ContainsKey(name) && declared[name] != file.Key
               select new Arrow(file.Key, declared[name], name),
        ];
    }

    /// <summary>Every source file below a folder, named by its path from there.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Select(file => (Path: Path.GetRelativePath(folder, file).Replace('\\', '/'), File: file))
        .Where(file => !file.Path.Split('/').Any(part => part is "obj" or "bin"))
        .ToDictionary(file => file.Path, file => File.ReadAllText(file.File));

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "EventSourcedStreams.sln")) ? folder : Above(Path.GetDirectoryName(folder)!);

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|abstract|sealed|static|readonly|partial) )*(?:class|struct|interface|enum|record struct|record) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex("""//.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'""")]
    private static partial Regex CommentOrText();

    /// <summary>Not a member, nor a constant where it is declared; a type that is qualified with our own namespaces, or
    /// whose members are used by their names.</summary>
    [GeneratedRegex(@"(?<![.\w]|\bconst \w+ )(?:EventSourcedStreams\.(?:\w+\.)*)?([A-Z]\w*)")]
    private static partial Regex Name();

    [GeneratedRegex("""cref="(\w+)""")]
    private static partial Regex Cref();
}
