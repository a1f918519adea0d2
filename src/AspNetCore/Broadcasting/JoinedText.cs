using System.Buffers;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Gathers the batches that an observer has to catch up on into few large frames: a frame a batch costs many times
/// more, here and in the client.
/// </summary>
internal sealed class JoinedText(IBufferWriter<byte> to)
{
    /// <summary>UTF-8 bytes of text in a frame; a single batch that is larger goes alone.</summary>
    private const int MaxBytes = 64 * 1024;

    private readonly StringBuilder text = new();
    private Revision last;
    private long offset;
    private long end;

    public void Add(RecordedEvent recorded)
    {
        if (recorded.Event is not StreamEvent.ChunkPersisted chunk)
        {
            Finish();
            Frames.Write(to, recorded);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(chunk.Text);
        if (text.Length > 0 && end + bytes - offset > MaxBytes) Finish();
        if (text.Length == 0) offset = chunk.Offset;
        text.Append(chunk.Text);
        (last, end) = (recorded.Revision, chunk.Offset + bytes);
    }

    public void Finish()
    {
        if (text.Length == 0) return;
        Frames.Text(to, last, offset, text.ToString());
        text.Clear();
    }
}
