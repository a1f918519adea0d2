using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>One call, seen from the server.</summary>
public sealed class GrpcServerCall<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly GrpcMethod<TRequest, TResponse> method;
    private bool started;

    internal GrpcServerCall(GrpcMethod<TRequest, TResponse> method, HttpContext http, TimeSpan? timeout) =>
        (this.method, Http, Timeout) = (method, http, timeout);

    /// <summary>The request's headers and the services of its scope.</summary>
    public HttpContext Http { get; }

    /// <summary>What the client gives the call, from its start; null for no limit.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>The requests in order; ends when the client completes.</summary>
    /// <exception cref="GrpcException">One of them is none.</exception>
    public IAsyncEnumerable<TRequest> ReadAllAsync(CancellationToken ct) =>
        GrpcFrames.ReadAllAsync(Http.Request.BodyReader, method.Requests, GrpcFrames.MaxRequest, ct);

    /// <summary>The first request, of a call that has one; null for none.</summary>
    public async Task<TRequest?> ReadSingleAsync(CancellationToken ct)
    {
        await foreach (var request in ReadAllAsync(ct).ConfigureAwait(false)) return request;
        return null;
    }

    /// <summary>Puts a response behind the others; <see cref="FlushAsync"/> sends it. One writer at a time.</summary>
    public void Write(TResponse response)
    {
        started = true;
        GrpcFrames.Write(Http.Response.BodyWriter, response);
    }

    /// <summary>Waits while the client takes nothing.</summary>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        started = true;
        await Http.Response.BodyWriter.FlushAsync(ct).ConfigureAwait(false);
    }

    internal void End(Code status, string detail, IReadOnlyDictionary<string, string> trailers)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (!started && !Http.Response.HasStarted)
        {
            var headers = Http.Response.Headers;
            foreach (var (name, value) in trailers) headers[name] = GrpcStatusHeaders.Encode(value);
            headers[GrpcStatusHeaders.Status] = code;
            if (detail.Length > 0) headers[GrpcStatusHeaders.Message] = GrpcStatusHeaders.Encode(detail);
            return;
        }

        foreach (var (name, value) in trailers) Http.Response.AppendTrailer(name, GrpcStatusHeaders.Encode(value));
        Http.Response.AppendTrailer(GrpcStatusHeaders.Status, code);
        if (detail.Length > 0) Http.Response.AppendTrailer(GrpcStatusHeaders.Message, GrpcStatusHeaders.Encode(detail));
    }
}
