using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>A request's body that is written while the response is read already. One writer at a time.</summary>
internal sealed class RequestBody : HttpContent
{
    private readonly Pipe pipe = new();

    public RequestBody() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

    /// <summary>Puts a message behind the others; <see cref="FlushAsync"/> sends it.</summary>
    public void Write(IMessage message) => GrpcFrames.Write(pipe.Writer, message);

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
        Exception? fault = null;
        try
        {
            for (var ended = false; !ended;)
            {
                var read = await pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (var segment in read.Buffer) await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
                pipe.Reader.AdvanceTo(read.Buffer.End);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                ended = read.IsCompleted;
            }
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            await pipe.Reader.CompleteAsync(fault).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
