namespace EventSourcedStreams.OpenAI;

/// <summary>
/// A body of server-sent events of which none may be larger than <see cref="MaxEventBytes"/>, comments before it included: the parser gathers
/// a whole event, and would gather for ever. Past the bound a read throws <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class BoundedEventBody(Stream body) : Stream
{
    public const int MaxEventBytes = 1024 * 1024;

    private int sinceEvent;

    /// <summary>Tells that the parser has given one out.</summary>
    public void EventEnded() => sinceEvent = 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (sinceEvent > MaxEventBytes) throw new InvalidDataException($"An event has more than {MaxEventBytes} bytes.");
        var read = await body.ReadAsync(buffer, cancellationToken);
        sinceEvent += read;
        return read;
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
