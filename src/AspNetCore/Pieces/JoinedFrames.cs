using System.Buffers;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Server-sent events, with the batches of text that an observer has to catch up on gathered into one large frame: a
/// frame a batch costs many times more, here and in the client.
/// </summary>
/// <param name="withParts">Whether parts are sent. Text then joins with what stands right behind it only, so that none
/// reaches over a part; else it joins over what is not sent.</param>
internal sealed class JoinedFrames(bool withParts = false) : IPieceEncoder
{
    private const int Body = 0;

    private readonly ArrayBufferWriter<byte> frames = new(4096);
    private readonly ArrayBufferWriter<byte> text = new(4096);
    private Revision last;
    private long offset;
    private int part;

    public void Add(RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case StreamEvent.ChunkPersisted e:
                Join(Body, e.Offset, e.Text, recorded.Revision);
                break;
            case StreamEvent.PartPersisted e when withParts:
                Join(e.Part, e.Offset, e.Text, recorded.Revision);
                break;
            case StreamEvent.PartEvent when !withParts:
            case StreamNote:
                break;
            case StreamEvent.PartEvent e:
                EndText();
                PartFrames.Write(frames, recorded.Revision, e);
                break;
            default:
                EndText();
                Frames.Write(frames, recorded);
                break;
        }
    }

    public byte[] Finish()
    {
        EndText();
        return frames.WrittenSpan.ToArray();
    }

    private void Join(int of, long at, string piece, Revision revision)
    {
        if (part != of) EndText();
        if (text.WrittenCount == 0) (offset, part) = (at, of);
        Sse.Escaped(text, piece);
        last = revision;
    }

    private void EndText()
    {
        if (text.WrittenCount == 0) return;
        if (part == Body) Frames.EscapedText(frames, last, offset, text.WrittenSpan);
        else PartFrames.EscapedText(frames, last, part, offset, text.WrittenSpan);
        text.ResetWrittenCount();
    }
}
