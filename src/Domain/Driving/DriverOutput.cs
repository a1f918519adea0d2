using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EventSourcedStreams.Domain;

/// <summary>One thing that the driver is told.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DriverItem(string? Text, DriverSaved? Saved, DriverEnd? End);

/// <param name="Length">UTF-8 bytes that are durable.</param>
public sealed record DriverSaved(Revision Revision, long Length);

/// <param name="Status">The ending's status; null while the log could not be asked (<c>unknown</c>).</param>
/// <param name="Revision">Of the terminal event; null where it is not known.</param>
public sealed record DriverEnd(StreamStatus? Status, Revision? Revision, long Length, StreamFailure? Error)
{
    public bool IsClean => Status is StreamStatus.Done;
}

/// <summary>
/// What waits for the driver's socket: text at once, durability marks as they come, the end last. Bounded by its text; a driver that falls
/// further behind is dropped, and the stream goes on without it. Any thread writes, one reads.
/// </summary>
public sealed class DriverOutput(int maxChars)
{
    private readonly Lock gate = new();
    private readonly Channel<bool> filled = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly TaskCompletionSource dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<DriverItem> waiting = [];
    private int chars;
    private bool closed;

    /// <summary>The driver was too slow, or is gone: nothing more is kept for it.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>Completes when it is dropped: whoever is stuck in a write to its socket learns of it so.</summary>
    public Task Dropped => dropped.Task;

    /// <summary>Whether the driver wants the text; an upload's driver has it already and may not want it back.</summary>
    public bool WantsText { get; init; } = true;

    public void Text(string text)
    {
        if (!WantsText) return;
        lock (gate)
        {
            if (closed) return;
            if (chars + text.Length > maxChars)
            {
                DropLocked();
                return;
            }

            chars += text.Length;
            waiting.Add(new DriverItem(text, null, null));
        }

        filled.Writer.TryWrite(true);
    }

    public void Saved(Revision revision, long length)
    {
        lock (gate)
        {
            if (closed) return;
            var mark = new DriverItem(null, new DriverSaved(revision, length), null);
            if (waiting is [.., { Saved: not null }]) waiting[^1] = mark;        // only the newest says something
            else waiting.Add(mark);
        }

        filled.Writer.TryWrite(true);
    }

    public void End(DriverEnd end)
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
            waiting.Add(new DriverItem(null, null, end));
        }

        filled.Writer.TryWrite(true);
    }

    /// <summary>The driver is gone: from now on nothing is kept.</summary>
    public void Drop()
    {
        lock (gate)
        {
            if (!closed) DropLocked();
        }
    }

    /// <summary>
    /// Everything that waits, as soon as something does; the caller owns the list until the next call, to which it gives it back.
    /// Empty: the driver was dropped, cut its connection.
    /// </summary>
    public async ValueTask<List<DriverItem>> ReadAsync(List<DriverItem>? empty, CancellationToken ct)
    {
        empty ??= [];
        empty.Clear();
        while (!TryTake(ref empty)) await filled.Reader.ReadAsync(ct);
        return empty;
    }

    private bool TryTake(ref List<DriverItem> items)
    {
        lock (gate)
        {
            if (waiting.Count == 0) return IsDropped;
            (items, waiting) = (waiting, items);
            chars = 0;
            return true;
        }
    }

    private void DropLocked()
    {
        closed = true;
        IsDropped = true;
        waiting = [];
        dropped.TrySetResult();
        filled.Writer.TryWrite(true);
    }
}
