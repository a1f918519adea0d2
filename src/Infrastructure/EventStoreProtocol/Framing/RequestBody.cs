using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>A request's body that is written while the response is read already. One writer at a time.</summary>
internal sealed class RequestBody : HttpContent
{
    // A segment fills an HTTP/2 frame; the bound is for a server that takes nothing.
    private readonly Pipe pipe = new(new PipeOptions(
        pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false));

    private readonly CancellationToken ended;
    private bool sent;

    public RequestBody(CancellationToken ended)
    {
        this.ended = ended;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    /// <summary>Puts a message behind the others; <see cref="FlushAsync"/> sends it.</summary>
    /// <returns>Its bytes.</returns>
    public int Write(IMessage message) => GrpcFrames.Write(pipe.Writer, message);

    /// <summary>Waits while the other end takes nothing.</summary>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        var flushed = await pipe.Writer.FlushAsync(ct).ConfigureAwait(false);
        if (flushed.IsCompleted) throw new GrpcException(Code.Unavailable, "The call has ended.");
    }

    public void Complete() => pipe.Writer.Complete();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // HttpClient would repeat a request that a server refused; what was written is gone.
        if (Interlocked.Exchange(ref sent, true)) throw new IOException("The request was sent before and cannot be repeated.");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended);
        var ct = either.Token;
        try
        {
            for (var completed = false; !completed;)
            {
                var read = await pipe.Reader.ReadAsync(ct).ConfigureAwait(false);
                foreach (var segment in read.Buffer) await stream.WriteAsync(segment, ct).ConfigureAwait(false);
                pipe.Reader.AdvanceTo(read.Buffer.End);
                completed = read.IsCompleted;
                if (!completed) await stream.FlushAsync(ct).ConfigureAwait(false);
            }
        }
        finally
        {
            // Without the fault: the writer hears that the call has ended, who reads the responses hears how.
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
