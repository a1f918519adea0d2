using Google.Protobuf;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>A method of a gRPC service: where it is, and what goes in and comes out.</summary>
/// <param name="Service">With its package: <c>event_store.client.streams.Streams</c>.</param>
public sealed record GrpcMethod<TRequest, TResponse>(
    string Service, string Name, MessageParser<TRequest> Requests, MessageParser<TResponse> Responses)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    public string Path => $"/{Service}/{Name}";
}
