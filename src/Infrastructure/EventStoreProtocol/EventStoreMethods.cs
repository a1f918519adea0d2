using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>The methods of EventStoreDB that we speak.</summary>
public static class EventStoreMethods
{
    public static readonly GrpcMethod<AppendReq, AppendResp> Append = Streams("Append", AppendReq.Parser, AppendResp.Parser);

    public static readonly GrpcMethod<BatchAppendReq, BatchAppendResp> BatchAppend =
        Streams("BatchAppend", BatchAppendReq.Parser, BatchAppendResp.Parser);

    public static readonly GrpcMethod<ReadReq, ReadResp> Read = Streams("Read", ReadReq.Parser, ReadResp.Parser);

    public static readonly GrpcMethod<DeleteReq, DeleteResp> Delete = Streams("Delete", DeleteReq.Parser, DeleteResp.Parser);

    public static readonly GrpcMethod<TombstoneReq, TombstoneResp> Tombstone =
        Streams("Tombstone", TombstoneReq.Parser, TombstoneResp.Parser);

    public static readonly GrpcMethod<Empty, ClusterInfo> Gossip =
        new("event_store.client.gossip.Gossip", "Read", Empty.Parser, ClusterInfo.Parser);

    public static readonly GrpcMethod<Empty, SupportedMethods> SupportedMethods =
        new("event_store.client.server_features.ServerFeatures", "GetSupportedMethods", Empty.Parser, ServerFeatures.SupportedMethods.Parser);

    private static GrpcMethod<TRequest, TResponse> Streams<TRequest, TResponse>(
        string name, Google.Protobuf.MessageParser<TRequest> requests, Google.Protobuf.MessageParser<TResponse> responses)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        new("event_store.client.streams.Streams", name, requests, responses);
}
