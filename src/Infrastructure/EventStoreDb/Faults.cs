using System.Net.Sockets;
using System.Security.Authentication;
using EventStore.Client;
using Grpc.Core;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>What an exception of the client means: told by type and status, never by its text.</summary>
internal static class Faults
{
    /// <summary>The server, or the way to it, failed: the same may succeed in a moment, and the connection may be
    /// another one then.</summary>
    public static bool IsOutage(Exception e) => e switch
    {
        RpcException rpc => !IsRefusal(rpc.StatusCode),
        NotLeaderException or DiscoveryException or TimeoutRejectedException or TimeoutException or ClientReplacedException => true,
        HttpRequestException or IOException or SocketException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>After these the client itself looks for another node; after any other outage it stays where it
    /// is.</summary>
    public static bool IsSeenByClient(Exception e) =>
        e is NotLeaderException or DiscoveryException or ClientReplacedException or RpcException { StatusCode: StatusCode.Unavailable };

    /// <summary>Anything for which there is no answer to be had now: an outage, a circuit that is open, or a server
    /// that denies access.</summary>
    public static bool IsUnavailable(Exception e) =>
        IsOutage(e) || e is BrokenCircuitException or AccessDeniedException or NotAuthenticatedException or RpcException;

    /// <summary>In one line, for people.</summary>
    public static string Words(Exception e) => e switch
    {
        LogUnavailableException or ClientReplacedException => e.Message,
        AccessDeniedException => "EventStoreDB denies access: the user of the connection string lacks a right (see docs/operations.md).",
        NotAuthenticatedException => "EventStoreDB does not know the user or the password of the connection string.",
        NotLeaderException => "The node of EventStoreDB is not the leader any more.",
        TimeoutRejectedException or TimeoutException or RpcException { StatusCode: StatusCode.DeadlineExceeded } =>
            "EventStoreDB does not answer in time.",
        RpcException rpc when Cause<AuthenticationException>(rpc) is { } tls =>
            $"There is no secure connection to EventStoreDB: {tls.Message} A server without TLS needs tls=false in the connection string, a certificate of your own tlsCaFile.",
        RpcException { StatusCode: StatusCode.Unavailable } rpc =>
            $"EventStoreDB cannot be reached{(Cause<SocketException>(rpc) is { } socket ? $": {socket.Message}" : "")}.",
        RpcException rpc => $"EventStoreDB answers {rpc.StatusCode}: {rpc.Status.Detail}",
        _ => $"EventStoreDB cannot be reached: {e.Message}",
    };

    private static T? Cause<T>(RpcException rpc)
        where T : Exception
    {
        for (var cause = rpc.Status.DebugException ?? rpc.InnerException; cause is not null; cause = cause.InnerException)
            if (cause is T found) return found;
        return null;
    }

    public static LogUnavailableException Unavailable(Exception e) => e as LogUnavailableException ?? new(Words(e), e);

    /// <summary>The server was there and said no: saying it again changes nothing.</summary>
    private static bool IsRefusal(StatusCode code) => code is
        StatusCode.InvalidArgument or StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.Unimplemented
        or StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.OutOfRange;
}
