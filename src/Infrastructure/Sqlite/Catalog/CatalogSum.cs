using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>A row's sum over all that stands in it: SQLite finds a broken page, not a flipped bit in a value.</summary>
internal static class CatalogSum
{
    /// <param name="values">As SQLite gives them: long, string, or null.</param>
    public static long Of(IEnumerable<object?> values)
    {
        var text = new TextBuffer();
        var bytes = Array.Empty<byte>();
        try
        {
            foreach (var value in values) Add(text, value);
            bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text.Text, bytes)), hash);
            return BinaryPrimitives.ReadInt64BigEndian(hash);
        }
        finally
        {
            text.Clear();
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public static long Of(Labels labels) => Of(labels.SelectMany(label => (object?[])[label.Key, label.Value]));

    /// <summary>Each behind its kind and length, so that no two rows are the same text.</summary>
    private static void Add(TextBuffer text, object? value)
    {
        Span<char> digits = stackalloc char[20];
        switch (value)
        {
            case null:
                text.Add("n0:");
                break;
            case long number:
                number.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
                text.Add("i");
                AddShown(text, digits[..count]);
                break;
            case string shown:
                text.Add("t");
                AddShown(text, shown);
                break;
            default:
                text.Add("?");
                AddShown(text, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void AddShown(TextBuffer text, ReadOnlySpan<char> shown)
    {
        if (shown.IndexOf('\0') is >= 0 and var end) shown = shown[..end];       // as SQLite's text is read
        Span<char> digits = stackalloc char[11];
        shown.Length.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        digits[count++] = ':';
        text.Add(digits[..count]);
        text.Add(shown);
    }
}
