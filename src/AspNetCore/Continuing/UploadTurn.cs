using System.Buffers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How a connection's turn at a continued upload went.</summary>
internal enum TurnResult
{
    /// <summary>All of the body is handed over; more may come in another turn.</summary>
    Taken,

    /// <summary>A later connection goes on with the upload.</summary>
    Fenced,

    /// <summary>The stream has its ending.</summary>
    Ended,

    /// <summary>The body ended before what earlier turns brought: it is not the rest of it.</summary>
    TooShort,
}

/// <summary>A connection's turn at a continued upload, from when it was taken until it is left.</summary>
internal sealed class UploadTurn(ContinuedUpload upload) : IDisposable
{
    private const int ReadBytes = 16 * 1024;

    // Not when the connection goes: what it brought before is read to its end, and that may be the upload's.
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isFenced;

    /// <summary>A later connection is to have the turn. Completes when this one has left.</summary>
    public Task FenceAsync()
    {
        isFenced = true;
        Stop();
        return left.Task;
    }

    /// <summary>Nothing more is taken of this connection's body.</summary>
    public void Stop()
    {
        try
        {
            over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has left already.
        }
    }

    /// <summary>Hands a body over, but for what earlier turns brought.</summary>
    /// <param name="offset">Of the body's first byte in the upload; at most what was received.</param>
    /// <exception cref="Exception">The connection broke, as its body says it; what came before was handed
    /// over.</exception>
    public async Task<TurnResult> RunAsync(Stream body, long offset)
    {
        if (upload.IsComplete) return TurnResult.Ended;
        var skip = upload.Received - offset;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            while (await body.ReadAsync(buffer, over.Token) is > 0 and var read)
            {
                // Read in the moment in which it was fenced: the later connection brings the same bytes again.
                if (isFenced) return TurnResult.Fenced;
                var known = (int)Math.Min(skip, read);
                skip -= known;
                if (known < read && !await upload.HandOverAsync(buffer.AsMemory(known, read - known), over.Token)) return TurnResult.Ended;
            }
        }
        catch (Exception) when (isFenced || upload.Ended.IsCompleted)
        {
            return isFenced ? TurnResult.Fenced : TurnResult.Ended;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return isFenced ? TurnResult.Fenced : skip > 0 ? TurnResult.TooShort : TurnResult.Taken;
    }

    public void Dispose()
    {
        upload.Leave(this);
        left.TrySetResult();
        over.Dispose();
    }
}
