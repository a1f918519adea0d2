using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>Text that a driver is behind with: pieces of the body, and of each part, joined in the order of their first
/// ones. A short piece costs many times its text.</summary>
internal sealed class JoinedTexts
{
    private readonly List<Joined> texts = [];
    private TextBuffer? body;

    public bool IsEmpty => texts.Count == 0;

    /// <summary>Text of the body.</summary>
    public void Add(string text) => (body ??= Begun(null, 0)).Add(text);

    /// <summary>Text of a part.</summary>
    public void Add(DriverPart.TextCame piece)
    {
        foreach (var there in texts)
        {
            if (there.Part != piece.Part) continue;
            there.Text.Add(piece.Text);
            return;
        }

        Begun(piece.Part, piece.Offset).Add(piece.Text);
    }

    /// <summary>Adds them to a list, each in items of at most so many code units, and is empty then.</summary>
    public void MoveTo(List<DriverItem> items, int mostChars)
    {
        foreach (var (part, offset, buffer) in texts)
        {
            var text = buffer.Text;
            var from = offset;
            for (int at = 0, count; at < text.Length; at += count)
            {
                count = Math.Min(mostChars, text.Length - at);
                if (at + count < text.Length && char.IsHighSurrogate(text[at + count - 1])) count--;
                var piece = text.Slice(at, count).ToString();
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
        foreach (var joined in texts) joined.Text.Clear();
        texts.Clear();
        body = null;
    }

    private TextBuffer Begun(int? part, long offset)
    {
        var text = new TextBuffer();
        texts.Add(new Joined(part, offset, text));
        return text;
    }

    /// <param name="Part">Null: the body.</param>
    /// <param name="Offset">UTF-8 bytes of the part before it.</param>
    private readonly record struct Joined(int? Part, long Offset, TextBuffer Text);
}
