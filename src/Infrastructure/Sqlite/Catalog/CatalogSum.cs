using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <summary>A row's sum over all that stands in it: SQLite finds a broken page, not a flipped bit in a value.</summary>
internal static class CatalogSum
{
    /// <param name="values">As SQLite gives them: long, string, or null.</param>
    public static long Of(IEnumerable<object?> values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            // Each behind its kind and length, so that no two rows are the same text.
            var shown = value is null ? "" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            if (shown.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var end) shown = shown[..end];   // as SQLite's text is read
            text.Append(value switch { null => 'n', long => 'i', string => 't', _ => '?' })
                .Append(CultureInfo.InvariantCulture, $"{shown.Length}:").Append(shown);
        }

        return BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public static long Of(Labels labels) => Of(labels.SelectMany(label => (object?[])[label.Key, label.Value]));
}
