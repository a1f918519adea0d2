using System.Buffers;

namespace EventStore.Client;

/// <summary>The body of a call: a flush while more follows keeps what was written, up to a bound.</summary>
/// <remarks>For one writer at a time, as a call's requests have it.</remarks>
internal sealed class HoldingStream(Stream inner, HeldRequests held) : Stream
{
    /// <summary>Bytes.</summary>
    private const int MostKept = 64 * 1024;

    private readonly ArrayBufferWriter<byte> kept = new(4 * 1024);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (held.MoreFollows || kept.WrittenCount > 0)
        {
            if (kept.WrittenCount + buffer.Length <= MostKept)
            {
                kept.Write(buffer.Span);
                return;
            }

            await WriteKeptAsync(cancellationToken).ConfigureAwait(false);
        }

        await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (held.MoreFollows) return;
        await WriteKeptAsync(cancellationToken).ConfigureAwait(false);
        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => throw new NotSupportedException("It is flushed asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is written asynchronously.");

    private async ValueTask WriteKeptAsync(CancellationToken ct)
    {
        if (kept.WrittenCount == 0) return;
        await inner.WriteAsync(kept.WrittenMemory, ct).ConfigureAwait(false);
        kept.ResetWrittenCount();
    }
}
