namespace EventSourcedStreams.AspNetCore;

internal enum BroadcastFrameKind
{
    Event,

    /// <summary>Says that the connection is alive, and nothing of the stream.</summary>
    Comment,

    /// <summary>A comment, which says that the log is away.</summary>
    Away,

    /// <summary>After it there is nothing: the observers' requests end.</summary>
    Last,

    /// <summary>The stream cannot be read on: the observers are cut, so that none takes a part for the whole.</summary>
    Broken,
}

/// <summary>
/// One frame, encoded once and sent to all observers. Frames form a list that each observer walks at its own pace; what
/// all have passed is garbage. So no observer has a queue of its own, and a slow one keeps only what is shared anyway.
/// </summary>
/// <param name="after">The revision that an observer has with this frame.</param>
/// <param name="endOffset">Bytes of all the broadcast's frames up to this one, included.</param>
internal sealed class BroadcastFrame(BroadcastFrameKind kind, Revision after, ReadOnlyMemory<byte> bytes, long endOffset)
{
    private BroadcastFrame? next;

    public BroadcastFrameKind Kind => kind;

    public Revision After => after;

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>What observers get that ask for parts.</summary>
    public required ReadOnlyMemory<byte> WithParts { get; init; }

    /// <summary>What an observer gets.</summary>
    /// <param name="parts">Null: it asks for no parts.</param>
    public ReadOnlySpan<byte> For(ShownParts? parts) => (parts is null ? Bytes : WithParts).Span;

    public long EndOffset => endOffset;

    /// <summary>Null while it is the newest.</summary>
    public BroadcastFrame? Next => Volatile.Read(ref next);

    public void Link(BroadcastFrame frame) => Volatile.Write(ref next, frame);
}
