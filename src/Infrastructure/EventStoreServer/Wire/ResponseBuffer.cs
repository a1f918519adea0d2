using Grpc.Core;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Responses of one call that are sent together. One writer at a time.</summary>
internal sealed class ResponseBuffer<T>
{
    private readonly IServerStreamWriter<T> responses;
    private readonly ServerCallContext context;

    public ResponseBuffer(IServerStreamWriter<T> responses, ServerCallContext context)
    {
        (this.responses, this.context) = (responses, context);
        responses.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
    }

    /// <summary>Puts a response behind the others; <see cref="FlushAsync"/> sends it.</summary>
    public Task WriteAsync(T response, CancellationToken ct)
    {
        // It does not wait, so that no token need be registered for it.
        ct.ThrowIfCancellationRequested();
        return responses.WriteAsync(response, CancellationToken.None);
    }

    /// <summary>Waits while the client takes nothing.</summary>
    public async ValueTask FlushAsync(CancellationToken ct) => await context.GetHttpContext().Response.BodyWriter.FlushAsync(ct);
}
