using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>
/// A growing text as the pieces it came in. Adding to the newest value is cheap, and every older value stays what it
/// was: all share one list, of which each sees its own beginning.
/// </summary>
[JsonConverter(typeof(TextPiecesJsonConverter))]
public sealed class TextPieces
{
    private readonly List<string> shared;
    private readonly int count;

    private TextPieces(List<string> shared, int count, int chars) => (this.shared, this.count, Chars) = (shared, count, chars);

    public static TextPieces Empty => new([], 0, 0);

    /// <summary>UTF-16 code units.</summary>
    public int Chars { get; }

    public TextPieces Add(string piece)
    {
        lock (shared)
        {
            var list = shared;
            if (list.Count != count) list = shared.GetRange(0, count); // another branch went on from here: copy
            list.Add(piece);
            return new TextPieces(list, count + 1, Chars + piece.Length);
        }
    }

    public override string ToString()
    {
        lock (shared)
        {
            return string.Create(Chars, (shared, count), static (destination, pieces) =>
            {
                foreach (var piece in CollectionsMarshal.AsSpan(pieces.shared)[..pieces.count])
                {
                    piece.CopyTo(destination);
                    destination = destination[piece.Length..];
                }
            });
        }
    }
}
