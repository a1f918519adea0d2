namespace EventSourcedStreams.Infrastructure.Tests.Sources;

/// <summary>A body that gives exactly these pieces, one a read, and then ends or breaks off.</summary>
internal sealed class PiecewiseBody(params byte[][] pieces) : Stream
{
    public Exception? Error { get; init; }

    public int Reads { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Reads == pieces.Length) return Error is null ? 0 : throw Error;
        var piece = pieces[Reads++];
        piece.CopyTo(buffer);
        return piece.Length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
