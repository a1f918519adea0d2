using System.Globalization;
using System.Security.Authentication;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>What a call's end is to the caller, told by its trailers, else by its status.</summary>
internal static class Faults
{
    public static Exception Of(RpcException e)
    {
        string? Trailer(string key) => e.Trailers.GetValue(key) is { } text ? Uri.UnescapeDataString(text) : null;
        return Trailer("exception") switch
        {
            "access-denied" => new AccessDeniedException(e.Message, e),
            "stream-deleted" => new StreamDeletedException(Trailer("stream-name") ?? "<unknown>", e),
            "wrong-expected-version" => new WrongExpectedVersionException(
                Trailer("stream-name") ?? "<unknown>", Revision(Trailer("expected-version")), Revision(Trailer("actual-version")), e),
            "maximum-append-size-exceeded" => new MaximumAppendSizeExceededException((uint)Number(Trailer("maximum-append-size")), e),
            "not-leader" when Trailer("leader-endpoint-host") is { } host => new NotLeaderException(
                host, Number(Trailer("leader-endpoint-port")), e),
            _ => e.StatusCode switch
            {
                StatusCode.Unauthenticated => new NotAuthenticatedException(e.Message, e),
                StatusCode.Unavailable when e.Status.Detail == "Deadline Exceeded" => As(StatusCode.DeadlineExceeded, e),
                StatusCode.Internal when IsLoss(e.Status.DebugException) => As(StatusCode.Unavailable, e),
                _ => e,
            },
        };
    }

    /// <summary>A call that its caller ended.</summary>
    public static RpcException Cancelled(Exception cause) => Status(StatusCode.Cancelled, "Call canceled by the client.", cause);

    public static RpcException Late(Exception? cause) => Status(StatusCode.DeadlineExceeded, "No answer came in time.", cause);

    /// <summary>A call to a node that has left the cluster.</summary>
    public static RpcException Closed(Exception cause) => Status(StatusCode.Unavailable, "The connection was closed.", cause);

    /// <summary>What sending a request throws that no status goes with: the call has ended, and its answer says
    /// how.</summary>
    public static bool EndsSending(Exception e) => e is InvalidOperationException or IOException or HttpRequestException;

    /// <summary>A call after the client was disposed of; it names the client, which is what the caller knows.</summary>
    public static ObjectDisposedException Disposed() => new("EventStore.Client.EventStoreClient");

    private static RpcException As(StatusCode code, RpcException e) => new(new Status(code, e.Status.Detail, e.Status.DebugException), e.Trailers);

    private static RpcException Status(StatusCode code, string detail, Exception? cause) => new(new Status(code, detail, cause));

    /// <summary>Whether a connection was lost: a ping without an answer, a reset. gRPC's library calls some of them
    /// internal errors.</summary>
    private static bool IsLoss(Exception? fault)
    {
        var loss = false;
        for (var e = fault; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException) return false;
            loss |= e is IOException or HttpRequestException;
        }

        return loss;
    }

    // A state in place of a revision is below zero.
    private static StreamRevision Revision(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new StreamRevision(number) : StreamRevision.None;

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
