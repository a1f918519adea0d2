using System.Text;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>The bytes of a text that a client shows. They only ever grow: what comes again has to be what is there, and
/// what comes has to join.</summary>
internal sealed class ShownText
{
    private readonly List<byte> bytes = [];

    public int Length => bytes.Count;

    /// <summary>Whether it ends inside a character.</summary>
    public bool IsTorn
    {
        get
        {
            try
            {
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount([.. bytes]);
                return false;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }
    }

    public void Add(ReadOnlySpan<byte> more) => bytes.AddRange(more);

    public void Add(long offset, string text)
    {
        var piece = Encoding.UTF8.GetBytes(text);
        if (offset > Length) throw new InvalidOperationException($"A gap: {Length} bytes are shown and these begin at {offset}.");
        var known = Math.Min(Length - (int)offset, piece.Length);
        if (!bytes.GetRange((int)offset, known).SequenceEqual(piece[..known]))
            throw new InvalidOperationException($"What was shown at {offset} has become another text.");
        Add(piece.AsSpan(known));
    }

    public override string ToString() => Encoding.UTF8.GetString([.. bytes]);
}
