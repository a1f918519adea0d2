using System.Runtime.CompilerServices;
using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Makes any sequence of UTF-16 pieces Unicode text: a high surrogate at a piece's end waits for the next piece, a lone
/// surrogate becomes U+FFFD. What comes out is the same however the text was cut.
/// </summary>
internal struct SurrogateNormalizer
{
    private char waiting;

    /// <summary>A high surrogate is held back.</summary>
    public readonly bool IsWaiting => waiting != 0;

    /// <summary>The text that is certain now; may be empty. Allocates nothing for a string without
    /// surrogates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public string Next(string piece) =>
        waiting == 0 && !piece.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? piece : Next(piece.AsSpan());

    public string Next(ReadOnlySpan<char> piece)
    {
        if (piece.IsEmpty) return "";
        if (waiting == 0 && !piece.ContainsAnyInRange('\uD800', '\uDFFF')) return piece.ToString();

        var text = new StringBuilder(piece.Length + 1);
        foreach (var unit in piece)
        {
            if (waiting != 0)
            {
                if (char.IsLowSurrogate(unit))
                {
                    text.Append(waiting).Append(unit);
                    waiting = default;
                    continue;
                }

                text.Append('\uFFFD');
                waiting = default;
            }

            if (char.IsHighSurrogate(unit)) waiting = unit;
            else text.Append(char.IsLowSurrogate(unit) ? '\uFFFD' : unit);
        }

        return text.ToString();
    }

    /// <summary>What the end of the text makes of a held-back surrogate.</summary>
    public string Finish()
    {
        if (waiting == 0) return "";
        waiting = default;
        return "\uFFFD";
    }
}
