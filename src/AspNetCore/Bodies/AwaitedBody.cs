using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A request's body that says when it is first asked for. Then a client that sent <c>Expect: 100-continue</c> has been
/// told to go on; an answer that begins earlier would leave it waiting. A client that resets its connection while its
/// body is read is given up at once.
/// </summary>
/// <param name="most">Bytes that it may have, of which all are given before more is an error; null: any
/// number.</param>
internal sealed class AwaitedBody(HttpContext http, long? most = null) : ReadOnlyStream
{
    private long left = most ?? long.MaxValue;

    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Asked => asked.Task;

    /// <exception cref="BadHttpRequestException">What comes is not HTTP, or more than it may be.</exception>
    /// <exception cref="ConnectionAbortedException">The client, or its request, is gone.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = ReadBodyAsync(buffer, cancellationToken);
        asked.TrySetResult();
        return read;
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            var read = await ReadAsync(http.Request.BodyReader, left < buffer.Length ? buffer[..(int)Math.Max(left, 1)] : buffer, ct);
            if (read > left) throw new BadHttpRequestException("The body is larger than it may be.", StatusCodes.Status413PayloadTooLarge);
            left -= read;
            return read;
        }
        catch (Exception e) when (IsGone(e, ct))
        {
            http.Abort(); // the server would read the rest, and call that a fault of ours
            throw new ConnectionAbortedException("The client has gone before its body's end.", e);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body is not HTTP, or broke off.", StatusCodes.Status400BadRequest, e);
        }
    }

    /// <summary>Cancelled by its token, a read leaves the server's reader unusable: it could not read the rest, and
    /// would log that as a fault.</summary>
    private static async ValueTask<int> ReadAsync(PipeReader reader, Memory<byte> buffer, CancellationToken ct)
    {
        using var cancelling = ct.UnsafeRegister(static reader => Cancel((PipeReader)reader!), reader);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var read = await reader.ReadAsync(CancellationToken.None);
            var taken = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
            taken.CopyTo(buffer.Span);
            var count = (int)taken.Length;
            reader.AdvanceTo(taken.End);
            if (count > 0 || read.IsCompleted) return count;
        }
    }

    /// <summary>A reader whose connection is cut ends what is read from it by itself, and refuses all else.</summary>
    private static void Cancel(PipeReader reader)
    {
        try
        {
            reader.CancelPendingRead();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The one that waits for the read is told.
        }
    }

    private static bool IsGone(Exception e, CancellationToken ct) =>
        e is ConnectionResetException || (e is OperationCanceledException && !ct.IsCancellationRequested);
}
