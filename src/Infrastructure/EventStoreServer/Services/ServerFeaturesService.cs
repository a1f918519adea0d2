using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using Grpc.Core;
using ServerFeatures = EventSourcedStreams.EventStoreProtocol.ServerFeatures.ServerFeatures;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Which methods are served.</summary>
internal sealed class ServerFeaturesService : ServerFeatures.ServerFeaturesBase
{
    public override Task<SupportedMethods> GetSupportedMethods(Empty request, ServerCallContext context) =>
        Task.FromResult(NodeDescription.Methods());
}
