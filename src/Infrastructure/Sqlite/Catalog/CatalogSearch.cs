using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>What a list is searched in. SQLite's own comparison knows no case beyond ASCII, so both sides are folded
/// here.</summary>
internal static class CatalogSearch
{
    /// <summary>A stream's id, title and labels, a line each: a word is not found across two of them.</summary>
    public static string Searched(StreamSummary stream)
    {
        var lines = new StringBuilder(stream.Id.Value).Append('\n').Append(stream.Title);
        foreach (var (name, value) in stream.Labels) lines.Append('\n').Append(name).Append(':').Append(value);
        return Folded(lines.ToString());
    }

    /// <summary>All of them have to be found.</summary>
    public static string[] Words(string search) => Folded(search).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Folded(string text) => text.ToUpperInvariant();
}
