namespace EventSourcedStreams.AspNetCore;

/// <summary>All pieces of a text, which were kept when it was asked for.</summary>
internal sealed class KeptPieces(List<TextPiece> pieces)
{
    /// <summary>In order.</summary>
    public IReadOnlyList<TextPiece> All => pieces;

    /// <summary>Of all of them, as they are sent.</summary>
    public long Bytes { get; } = pieces.Sum(piece => (long)piece.Bytes.Length);
}
