using System.Text;
using System.Threading.Channels;

namespace EventSourcedStreams.Client;

/// <summary>Pieces of text as bytes of UTF-8: a reading gives all that is there, and waits only for the first. The
/// pieces are made while those before them are under way.</summary>
internal sealed class PieceStream : ReadOnlyStream
{
    /// <summary>Pieces that wait; then their maker does.</summary>
    private const int Waiting = 256;

    /// <summary>Room for any character.</summary>
    private const int Character = 4;

    private readonly Channel<string> pieces = Channel.CreateBounded<string>(Waiting);
    private readonly Encoder encoder = Encoding.UTF8.GetEncoder();
    private readonly CancellationTokenSource left;
    private readonly Task making;
    private string piece = "";
    private int at;

    public PieceStream(IAsyncEnumerable<string> text, CancellationToken ct)
    {
        left = CancellationTokenSource.CreateLinkedTokenSource(ct);
        making = MakeAsync(text, left.Token);
    }

    /// <param name="buffer">At least 4 bytes, the longest that a character can be.</param>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var filled = 0;
        while (buffer.Length - filled >= Character)
        {
            if (at < piece.Length)
            {
                encoder.Convert(piece.AsSpan(at), buffer.Span[filled..], flush: false, out var chars, out var bytes, out _);
                (at, filled) = (at + chars, filled + bytes);
            }
            else if (pieces.Reader.TryRead(out var next))
            {
                (piece, at) = (next, 0);
            }
            else if (filled > 0)
            {
                break;
            }
            else if (!await pieces.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                encoder.Convert([], buffer.Span, flush: true, out _, out filled, out _);
                break;
            }
        }

        return filled;
    }

    public override async ValueTask DisposeAsync()
    {
        await left.CancelAsync().ConfigureAwait(false);
        await making.ConfigureAwait(false);
        left.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What it throws, a reading does.</summary>
    private async Task MakeAsync(IAsyncEnumerable<string> text, CancellationToken ct)
    {
        Exception? fault = null;
        try
        {
            await foreach (var next in text.WithCancellation(ct).ConfigureAwait(false))
                await pieces.Writer.WriteAsync(next, ct).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault = e;
        }

        pieces.Writer.Complete(fault);
    }
}
