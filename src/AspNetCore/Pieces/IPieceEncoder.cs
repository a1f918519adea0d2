using System.Buffers;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Makes a piece's bytes of its events, in order.</summary>
internal interface IPieceEncoder
{
    void Add(RecordedEvent recorded);

    /// <summary>All bytes; nothing is added any more.</summary>
    byte[] Finish();
}

/// <summary>No bytes, but the events as they are.</summary>
internal sealed class RecordedEvents : IPieceEncoder
{
    public List<RecordedEvent> All { get; } = [];

    public void Add(RecordedEvent recorded) => All.Add(recorded);

    public byte[] Finish() => [];
}

/// <summary>The text alone.</summary>
internal sealed class PlainText : IPieceEncoder
{
    private readonly ArrayBufferWriter<byte> text = new(4096);

    public void Add(RecordedEvent recorded)
    {
        if (recorded.Event is StreamEvent.ChunkPersisted chunk) Encoding.UTF8.GetBytes(chunk.Text, text);
    }

    public byte[] Finish() => text.WrittenSpan.ToArray();
}
