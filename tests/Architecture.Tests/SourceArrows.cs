using System.Text.RegularExpressions;

namespace EventSourcedStreams.Architecture.Tests;

/// <summary>A file that names a type, in code or in a <c>cref</c>, or calls an extension method, and the file that
/// declares it.</summary>
internal sealed record Arrow(string From, string To, string Name)
{
    public string FromFolder => Path.GetDirectoryName(From)!;

    public string ToFolder => Path.GetDirectoryName(To)!;

    public override string ToString() => $"{From} -> {To} ({Name})";
}

/// <summary>
/// Which source files lean on which, by the names of the types that stand at the outermost level, and of extension
/// methods where they are called. A nested type is named by the one around it. A name that two folders declare points
/// at neither of them; nor does that of an extension method which other members have as well.
/// </summary>
internal static partial class SourceArrows
{
    /// <param name="files">Path and text.</param>
    public static IReadOnlyList<Arrow> Between(IReadOnlyDictionary<string, string> files)
    {
        var code = files.ToDictionary(file => file.Key, file => CommentOrText().Replace(file.Value, ""));
        var types = DeclaredOnce(Names(code, Declaration()).Concat(Names(code, DelegateDeclaration())));
        var members = Names(code, Member()).Select(member => member.Name).ToHashSet();
        var extensions = DeclaredOnce(Names(code, ExtensionMethod()).Where(method => !members.Contains(method.Name)));
        return
        [
            .. To(types, Names(code, Name()).Concat(Names(files, Cref()))),
            .. To(extensions, Names(code, Call())),
        ];
    }

    private static IEnumerable<(string Name, string File)> Names(IReadOnlyDictionary<string, string> files, Regex what) =>
        from file in files
        from match in what.Matches(file.Value)
        select (match.Groups[1].Value, file.Key);

    /// <returns>The file of each name that one folder alone declares.</returns>
    private static Dictionary<string, string> DeclaredOnce(IEnumerable<(string Name, string File)> declarations) => declarations
        .GroupBy(declaration => declaration.Name)
        .Where(name => name.Select(declaration => Path.GetDirectoryName(declaration.File)).Distinct().Count() == 1)
        .ToDictionary(name => name.Key, name => name.First().File);

    private static IEnumerable<Arrow> To(Dictionary<string, string> declared, IEnumerable<(string Name, string File)> used) =>
        from name in used.Distinct()
        where declared.TryGetValue(name.Name, out var at) && at != name.File
        select new Arrow(name.File, declared[name.Name], name.Name);

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
        @"^(?:(?:public|internal|file|abstract|sealed|static|readonly|partial|ref|unsafe) )*(?:class|struct|interface|enum|record struct|record class|record) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^(?:(?:public|internal|unsafe) )*delegate [^;()]*?\b(\w+)(?:<[\w, ]*>)?\(", RegexOptions.Multiline)]
    private static partial Regex DelegateDeclaration();

    [GeneratedRegex(@"\bstatic\s(?:[^;{}()=]|\([^()]*\))*?\b(\w+)(?:<[\w, ]*>)?\(\s*this\s+\w")]
    private static partial Regex ExtensionMethod();

    /// <summary>A method that is no extension, a property or a field.</summary>
    [GeneratedRegex(
        @"^\s+(?:(?:public|internal|private|protected|static|async|override|virtual|abstract|sealed|new|required|readonly|partial|unsafe|extern) )+"
        + @"(?:[^;{}()=\n]|\([^()\n]*\))*?\b(\w+)(?:(?:<[\w, ]*>)?\((?!\s*this\s+\w)|\s*(?:\{|=>|=|;))",
        RegexOptions.Multiline)]
    private static partial Regex Member();

    [GeneratedRegex(@"\.\s*([A-Z]\w*)(?:<[^<>()]*>)?\(")]
    private static partial Regex Call();

    [GeneratedRegex("""//.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'""")]
    private static partial Regex CommentOrText();

    /// <summary>Not a member, nor a constant where it is declared; a type that is qualified with our own namespaces, or
    /// whose members are used by their names.</summary>
    [GeneratedRegex(@"(?<![.\w]|\bconst \w+ )(?:EventSourcedStreams\.(?:\w+\.)*)?([A-Z]\w*)")]
    private static partial Regex Name();

    [GeneratedRegex("""cref="(\w+)""")]
    private static partial Regex Cref();
}
