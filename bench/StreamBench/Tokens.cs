using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace EventSourcedStreams.StreamBench;

/// <summary>Tokens that say when they were made: 16 hex digits of the monotonic clock, which all processes of a machine
/// share.</summary>
internal static class Tokens
{
    /// <summary>Every token has this many bytes.</summary>
    public const int Bytes = 23;

    public static string Next(int index) => $"{Stopwatch.GetTimestamp():x16} word{(index % 12 == 11 ? ". " : "  ")}";

    /// <summary>How long ago each of the tokens was made, in microseconds.</summary>
    public static void Ages(ReadOnlySpan<byte> text, List<double> into)
    {
        var now = Stopwatch.GetTimestamp();
        for (; text.Length >= Bytes; text = text[Bytes..])
        {
            if (Utf8Parser.TryParse(text[..16], out long made, out var read, 'x') && read == 16)
                into.Add((now - made) * 1e6 / Stopwatch.Frequency);
            else
                throw new InvalidOperationException($"Not a token: '{Encoding.UTF8.GetString(text[..Bytes])}'.");
        }
    }
}
