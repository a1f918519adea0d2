using EventSourcedStreams.EventStoreProtocol;
using Google.Protobuf;

namespace EventStore.Client;

/// <summary>What is the same for all calls: their headers, and how a call with one answer goes.</summary>
internal sealed class Calls(EventStoreClientSettings settings, string connectionName, TimeProvider time)
{
    /// <param name="deadline">From now; null for none.</param>
    /// <param name="credentials">Null for the settings' own, if any.</param>
    public async ValueTask<GrpcCallOptions> OptionsAsync(TimeSpan? deadline, UserCredentials? credentials, CancellationToken ct)
    {
        var leader = settings.ConnectivitySettings.NodePreference == NodePreference.Leader;
        List<KeyValuePair<string, string>> headers =
        [
            new("requires-leader", leader ? "true" : "false"),
            new("connection-name", connectionName),
        ];
        if ((credentials ?? settings.DefaultCredentials) is { } user)
            headers.Add(new("authorization", await settings.OperationOptions.GetAuthenticationHeaderValue(user, ct).ConfigureAwait(false)));
        return new GrpcCallOptions(headers, deadline);
    }

    /// <summary>Sends the requests, which are few, and waits for the answer.</summary>
    /// <exception cref="GrpcException">The call ended otherwise.</exception>
    /// <exception cref="OperationCanceledException">By the caller.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        NodeChannel node,
        GrpcMethod<TRequest, TResponse> method,
        IEnumerable<TRequest> requests,
        TimeSpan? deadline,
        UserCredentials? credentials,
        CancellationToken ct)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var options = await OptionsAsync(deadline, credentials, ct).ConfigureAwait(false);
        await using var call = node.Http.StartCall(node.Address, method, options, time, ct);
        foreach (var request in requests) call.Write(request);
        call.Complete();
        return await call.ReadSingleAsync(ct).ConfigureAwait(false);
    }
}
