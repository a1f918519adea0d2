using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>Text that a driver is behind with: pieces of the body, and of each part, joined in the order of their first
/// ones. A short piece costs many times its text.</summary>
internal sealed class JoinedTexts
{
    /// <summary>UTF-16 code units of room that are kept for the stream's life.</summary>
    private const int KeptChars = 64 * 1024;

    private readonly List<Joined> texts = [];
    private StringBuilder spare = new();

    public bool IsEmpty => texts.Count == 0;

    /// <param name="item">Text of the body or of a part.</param>
    public void Add(DriverItem item)
    {
        var part = item.Part as DriverPart.TextCame;
        Find(part).Text.Append(item.Text ?? part!.Text);
    }

    /// <summary>Adds them to a list, each in items of at most so many code units, and is empty then.</summary>
    public void MoveTo(List<DriverItem> items, int mostChars)
    {
        foreach (var (part, offset, text) in texts)
        {
            var from = offset;
            for (int at = 0, count; at < text.Length; at += count)
            {
                count = Math.Min(mostChars, text.Length - at);
                if (at + count < text.Length && char.IsHighSurrogate(text[at + count - 1])) count--;
                var piece = text.ToString(at, count);
                items.Add(part is null
                    ? new DriverItem(piece, null, null)
                    : new DriverItem(null, null, null) { Part = new DriverPart.TextCame(part.Value, from, piece) });
                if (part is not null) from += Encoding.UTF8.GetByteCount(piece);
            }
        }

        Clear();
    }

    public void Clear()
    {
        if (texts.Count > 0) spare = texts[0].Text;
        spare.Clear();
        if (spare.Capacity > KeptChars) spare.Capacity = 0;                      // the room of a burst is not kept
        texts.Clear();
    }

    private Joined Find(DriverPart.TextCame? piece)
    {
        foreach (var there in texts)
        {
            if (there.Part == piece?.Part) return there;
        }

        var begun = new Joined(piece?.Part, piece?.Offset ?? 0, texts.Count == 0 ? spare : new StringBuilder());
        texts.Add(begun);
        return begun;
    }

    /// <param name="Part">Null: the body.</param>
    /// <param name="Offset">UTF-8 bytes of the part before it.</param>
    private readonly record struct Joined(int? Part, long Offset, StringBuilder Text);
}
