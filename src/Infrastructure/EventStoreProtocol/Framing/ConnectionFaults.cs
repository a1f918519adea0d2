using System.Security.Authentication;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>What a fault below gRPC means as a status.</summary>
internal static class ConnectionFaults
{
    private const long Http2Cancel = 8;
    private const long Http2EnhanceYourCalm = 11;
    private const long Http2InadequateSecurity = 12;

    public static bool Is(Exception e) => e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException;

    public static GrpcException Of(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException) return new GrpcException(Code.Internal, $"TLS failed: {e.Message}", cause: fault);
            if (e is HttpProtocolException protocol && Reset(protocol.ErrorCode) is { } code)
                return new GrpcException(code, $"The call was reset: {e.Message}", cause: fault);
        }

        return new GrpcException(Code.Unavailable, $"The connection was lost, or there was none: {fault.Message}", cause: fault);
    }

    // Other codes tell a server's fault from a connection's only by their text: to a caller both are a call of unknown outcome.
    private static Code? Reset(long error) => error switch
    {
        Http2Cancel => Code.Cancelled,
        Http2EnhanceYourCalm => Code.ResourceExhausted,
        Http2InadequateSecurity => Code.PermissionDenied,
        _ => null,
    };
}
