using System.Buffers;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Server-sent events, with the batches of text that an observer has to catch up on gathered into one large frame: a
/// frame a batch costs many times more, here and in the client.
/// </summary>
internal sealed class JoinedFrames : IPieceEncoder
{
    private readonly ArrayBufferWriter<byte> frames = new(4096);
    private readonly ArrayBufferWriter<byte> text = new(4096);
    private Revision last;
    private long offset;

    public void Add(RecordedEvent recorded)
    {
        if (recorded.Event is StreamEvent.PartEvent) return;                     // text joins over what is not sent
        if (recorded.Event is not StreamEvent.ChunkPersisted chunk)
        {
            EndText();
            Frames.Write(frames, recorded);
            return;
        }

        if (text.WrittenCount == 0) offset = chunk.Offset;
        Sse.Escaped(text, chunk.Text);
        last = recorded.Revision;
    }

    public byte[] Finish()
    {
        EndText();
        return frames.WrittenSpan.ToArray();
    }

    private void EndText()
    {
        if (text.WrittenCount == 0) return;
        Frames.EscapedText(frames, last, offset, text.WrittenSpan);
        text.ResetWrittenCount();
    }
}
