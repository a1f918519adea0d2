using Grpc.Core;

namespace EventStore.Client;

/// <summary>What is the same for all calls.</summary>
internal sealed class Calls(EventStoreClientSettings settings)
{
    private readonly string connectionName = settings.ConnectionName ?? $"ES-{Guid.NewGuid()}";

    /// <param name="deadline">From now; null for none.</param>
    /// <param name="credentials">Null for the settings' own, if any.</param>
    /// <param name="ct">Ends the call at any time.</param>
    public CallOptions Options(TimeSpan? deadline, UserCredentials? credentials, CancellationToken ct)
    {
        var leader = settings.ConnectivitySettings.NodePreference == NodePreference.Leader;
        var headers = new Metadata { { "requires-leader", leader ? "true" : "false" }, { "connection-name", connectionName } };
        if ((credentials ?? settings.DefaultCredentials) is { } user) headers.Add("authorization", user.Authorization);
        return new CallOptions(headers, deadline is { } limit ? DateTime.UtcNow + limit : null, ct);
    }
}
