using System.Buffers;
using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>Text that is put together from pieces. Its room is the shared pool's and goes back when the text is
/// cleared: of a stream that comes at once it would be most of what is allocated. Not safe for several
/// threads.</summary>
internal sealed class TextBuffer
{
    /// <summary>UTF-16 code units; mostly a sentence or two.</summary>
    private const int FirstRoom = 512;

    private char[] room = [];

    /// <summary>UTF-16 code units.</summary>
    public int Length { get; private set; }

    /// <summary>Valid until the next change.</summary>
    public ReadOnlySpan<char> Text => room.AsSpan(0, Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public void Add(ReadOnlySpan<char> piece)
    {
        if (room.Length - Length < piece.Length) Grow(Length + piece.Length);
        piece.CopyTo(room.AsSpan(Length));
        Length += piece.Length;
    }

    public void RemoveFirst(int count)
    {
        room.AsSpan(count, Length - count).CopyTo(room);
        Length -= count;
    }

    public void Clear()
    {
        Replace([]);
        Length = 0;
    }

    private void Grow(int least)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(Math.Max(least, FirstRoom), room.Length * 2));
        Text.CopyTo(larger);
        Replace(larger);
    }

    private void Replace(char[] other)
    {
        if (room.Length > 0) ArrayPool<char>.Shared.Return(room);
        room = other;
    }
}
