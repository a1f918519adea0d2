using Google.Protobuf;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>Calling a gRPC method over an HTTP client's connections.</summary>
public static class GrpcClient
{
    /// <summary>Begins a call; a fault of the connection shows when the responses are read.</summary>
    /// <param name="node">Scheme, host and port.</param>
    /// <param name="time">Measures the deadline.</param>
    /// <param name="ct">Ends the call at any time.</param>
    public static GrpcClientCall<TRequest, TResponse> StartCall<TRequest, TResponse>(
        this HttpMessageInvoker http,
        Uri node,
        GrpcMethod<TRequest, TResponse> method,
        GrpcCallOptions options,
        TimeProvider time,
        CancellationToken ct)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => new(http, node, method, options, time, ct);
}
