using Grpc.Net.Client;
using Features = EventSourcedStreams.EventStoreProtocol.ServerFeatures.ServerFeatures.ServerFeaturesClient;
using GossipClient = EventSourcedStreams.EventStoreProtocol.Gossip.Gossip.GossipClient;
using StreamsClient = EventSourcedStreams.EventStoreProtocol.Streams.Streams.StreamsClient;

namespace EventStore.Client;

/// <summary>One node, and its HTTP/2 connection that all calls to it share.</summary>
internal sealed class NodeChannel : IDisposable
{
    /// <summary>Bytes. More than any server of ours or EventStoreDB's default would send.</summary>
    private const int MaxMessage = 64 * 1024 * 1024;

    private readonly GrpcChannel channel;

    public NodeChannel(Uri address, HttpMessageHandler handler)
    {
        Address = address;
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            // With an HttpClient given, connections are the handler's: a channel that makes its own waits longer after
            // each failure.
            HttpClient = new HttpClient(new AppendsOnceHandler(handler)) { Timeout = Timeout.InfiniteTimeSpan },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessage,
        });
        (Streams, Gossip, Features) = (new StreamsClient(channel), new GossipClient(channel), new Features(channel));
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Address { get; }

    public StreamsClient Streams { get; }

    public GossipClient Gossip { get; }

    public Features Features { get; }

    /// <summary>Ends all calls.</summary>
    public void Dispose() => channel.Dispose();
}
