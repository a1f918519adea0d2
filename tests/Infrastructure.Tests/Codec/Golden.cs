using System.Text;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>
/// The golden files. Each is JSON, a field a line, whose values are the stored bytes as they stand. They are never
/// changed: what was written must be readable for ever. A new shape gets a new file: the test writes it when it is
/// missing, and fails.
/// </summary>
internal static class Golden
{
    private static readonly string Folder = Path.Combine(ProjectFolder(), "golden");

    public static string Text(params (string Name, string Json)[] fields) =>
        "{\n" + string.Join(",\n", fields.Select(f => $"\"{f.Name}\": {f.Json}")) + "\n}\n";

    public static string Utf8(ReadOnlyMemory<byte> bytes) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Span);

    public static void Check(string name, string actual)
    {
        var path = Path.Combine(Folder, name + ".json");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(path, actual);
            Assert.Fail($"There was no golden file {name}.json. It is written now: look whether it is right, it is for ever.");
        }

        File.ReadAllBytes(path).Should().Equal(Encoding.UTF8.GetBytes(actual), "golden/{0}.json is stored so, for ever", name);
    }

    /// <summary>A file's fields, each value as it stands.</summary>
    public static IReadOnlyDictionary<string, string> Read(string name) =>
        File.ReadAllText(Path.Combine(Folder, name + ".json")).Split('\n')
            .Where(line => line.StartsWith('"'))
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0].Trim('"'), pair => pair[1].EndsWith(',') ? pair[1][..^1] : pair[1]);

    private static string ProjectFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Infrastructure.Tests.csproj")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The test project's folder is not above its output.");

        return folder.FullName;
    }
}
