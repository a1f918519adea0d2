using System.Buffers;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

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
