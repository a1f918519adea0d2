using System.Threading.Channels;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>The updates that wait for the reader of an answer while it is made. Bounded by their text: a reader that
/// falls further behind goes on in the log.</summary>
/// <param name="maxChars">UTF-16 code units.</param>
/// <param name="memory">The node's budget, of which what waits is a part; while that is used up, much less may
/// wait.</param>
internal sealed class UpdateQueue(int maxChars, TextMemory memory) : IDisposable
{
    private const int ScarceChars = 64 * 1024;

    private readonly Lock gate = new();
    private readonly Channel<ToldUpdate> waiting = Channel.CreateUnbounded<ToldUpdate>(new UnboundedChannelOptions { SingleReader = true });
    private int chars;
    private bool isClosed;

    /// <summary>Updates were left out behind those that wait.</summary>
    public bool IsBehind { get; private set; }

    public void Add(ToldUpdate told)
    {
        lock (gate)
        {
            if (isClosed) return;
            if (chars > 0 && chars + told.Chars > (memory.IsFull ? ScarceChars : maxChars))
            {
                IsBehind = true;
                CloseLocked();
                return;
            }

            chars += told.Chars;
            memory.Hold(told.Chars * sizeof(char));
            waiting.Writer.TryWrite(told);
        }
    }

    /// <summary>Nothing comes any more.</summary>
    public void Close()
    {
        lock (gate) CloseLocked();
    }

    /// <summary>The next one; null: none comes any more.</summary>
    public async ValueTask<ToldUpdate?> NextAsync(CancellationToken ct)
    {
        while (await waiting.Reader.WaitToReadAsync(ct))
        {
            lock (gate)
            {
                if (!waiting.Reader.TryRead(out var told)) continue;
                ReleaseLocked(told.Chars);
                return told;
            }
        }

        return null;
    }

    /// <summary>There is no reader any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            CloseLocked();
            ReleaseLocked(chars);
        }
    }

    private void CloseLocked()
    {
        isClosed = true;
        waiting.Writer.TryComplete();
    }

    private void ReleaseLocked(int read)
    {
        chars -= read;
        memory.Release(read * sizeof(char));
    }
}
