namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>A body that gives exactly these pieces, one a read, and then ends, breaks off or stays open.</summary>
internal sealed class PiecewiseBody(IEnumerable<byte[]> pieces, Func<CancellationToken, Task>? then = null) : MemoryStream
{
    private readonly Queue<byte[]> left = new(pieces.Where(piece => piece.Length > 0));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!left.TryDequeue(out var piece))
        {
            if (then is not null) await then(cancellationToken);
            return 0;
        }

        var read = Math.Min(piece.Length, buffer.Length);
        piece.AsSpan(0, read).CopyTo(buffer.Span);
        if (read < piece.Length) PutBack(piece[read..]);
        return read;
    }

    private void PutBack(byte[] rest)
    {
        byte[][] others = [.. left];
        left.Clear();
        foreach (var piece in (byte[][])[rest, .. others]) left.Enqueue(piece);
    }
}
