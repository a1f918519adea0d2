using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>How a call ended, as it stands in HTTP headers: in those of the response where nothing else was sent, else in its trailers.</summary>
internal static class GrpcStatusHeaders
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";

    /// <summary>Null where no status stands in them.</summary>
    public static GrpcException? Read(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(Status, out var status)) return null;
        var trailers = headers.NonValidated.ToDictionary(header => header.Key.ToLowerInvariant(), header => Decode(header.Value.ToString()));
        var code = int.TryParse(status.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (Code)number : Code.Unknown;
        return new GrpcException(code, trailers.GetValueOrDefault(Message, ""), trailers);
    }

    /// <summary>What an HTTP status means where a proxy answered, not the server.</summary>
    public static GrpcException Of(HttpStatusCode status) => new(
        status switch
        {
            HttpStatusCode.BadRequest => Code.Internal,
            HttpStatusCode.Unauthorized => Code.Unauthenticated,
            HttpStatusCode.Forbidden => Code.PermissionDenied,
            HttpStatusCode.NotFound => Code.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                => Code.Unavailable,
            _ => Code.Unknown,
        },
        $"HTTP status {(int)status} came instead of a gRPC answer.");

    /// <summary>Percent-encodes what is not printable ASCII, byte by byte of its UTF-8, and the per cent sign.</summary>
    public static string Encode(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~' and not '%')) return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            if (one is >= (byte)' ' and <= (byte)'~' and not (byte)'%') encoded.Append((char)one);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        }

        return encoded.ToString();
    }

    private static string Decode(string text) => text.Contains('%') ? Uri.UnescapeDataString(text) : text;
}
