using System.Buffers;
using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Finds where a sentence or a line ends in text that comes in pieces: behind a full stop, question or exclamation mark
/// with white space after it, behind a CJK one, behind a line's end.
/// </summary>
internal struct SentenceBoundary
{
    private static readonly SearchValues<char> Marks = SearchValues.Create(".?!\n\r\u2028\u2029\u0085。！？｡．");

    private bool markAtEnd;

    /// <summary>Whether the text up to this piece's end holds an end of a sentence or line that it did not hold before
    /// the piece.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public bool Next(ReadOnlySpan<char> piece)
    {
        if (piece.IsEmpty) return false;
        var found = markAtEnd && char.IsWhiteSpace(piece[0]);
        markAtEnd = piece[^1] is '.' or '?' or '!';
        for (var rest = piece; !found && rest.IndexOfAny(Marks) is var at and >= 0; rest = rest[(at + 1)..])
        {
            found = rest[at] is not ('.' or '?' or '!') || (at + 1 < rest.Length && char.IsWhiteSpace(rest[at + 1]));
        }

        return found;
    }
}
