using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>The node's name, made once and kept with the log: it must be the same after a restart.</summary>
internal static class NodeFile
{
    public static string In(string folder) => Path.Combine(folder, "node");

    public static string ReadOrWrite(string folder, Func<string> makeName)
    {
        var path = In(folder);
        if (File.Exists(path) && File.ReadAllText(path, Encoding.UTF8).Trim() is { Length: > 0 } kept) return kept;
        var name = makeName();
        DurableFile.Write(path, name);
        return name;
    }
}
