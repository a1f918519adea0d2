using EventSourcedStreams.TestKit;

namespace EventStore.Client.Tests;

/// <summary>Clients that give no answer up because a machine is busy.</summary>
internal static class Patient
{
    /// <param name="connection">What it says of limits holds.</param>
    public static EventStoreClient Client(string connection)
    {
        var settings = EventStoreClientSettings.Create(connection);
        var connectivity = settings.ConnectivitySettings;
        if (!Says("gossipTimeout")) connectivity.GossipTimeout = Eventually.Limit;
        if (!Says("keepAliveTimeout")) connectivity.KeepAliveTimeout = Eventually.Limit;
        if (!Says("defaultDeadline")) settings.DefaultDeadline = Eventually.Limit;
        return new EventStoreClient(settings);

        bool Says(string setting) => connection.Contains(setting + '=', StringComparison.OrdinalIgnoreCase);
    }
}
