using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>The methods that are served, written out: a path is EventStoreDB's, whatever ours is called.</summary>
internal static class EventStoreMethods
{
    public static readonly ServedMethod<AppendReq, AppendResp> Append = new("/event_store.client.streams.Streams/Append");

    public static readonly ServedMethod<BatchAppendReq, BatchAppendResp> BatchAppend = new("/event_store.client.streams.Streams/BatchAppend");

    public static readonly ServedMethod<ReadReq, ReadResp> Read = new("/event_store.client.streams.Streams/Read");

    public static readonly ServedMethod<DeleteReq, DeleteResp> Delete = new("/event_store.client.streams.Streams/Delete");

    public static readonly ServedMethod<TombstoneReq, TombstoneResp> Tombstone = new("/event_store.client.streams.Streams/Tombstone");

    public static readonly ServedMethod<Empty, ClusterInfo> Gossip = new("/event_store.client.gossip.Gossip/Read");

    public static readonly ServedMethod<Empty, SupportedMethods> SupportedMethods =
        new("/event_store.client.server_features.ServerFeatures/GetSupportedMethods");
}

internal sealed record ServedMethod<TRequest, TResponse>(string Path)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>;
