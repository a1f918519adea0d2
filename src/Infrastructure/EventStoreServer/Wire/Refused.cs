using System.Globalization;
using EventSourcedStreams.Domain;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>How calls end that cannot be served: statuses, words and trailers are EventStoreDB's, since clients tell
/// errors by them.</summary>
internal static class Refused
{
    /// <summary>What a request gets that EventStoreDB's handlers stumble over.</summary>
    public static RpcException Unusable() => Of(StatusCode.Unknown, "Exception was thrown by handler.");

    public static RpcException Invalid(string why) => Of(StatusCode.InvalidArgument, why);

    /// <summary>Reads that EventStoreDB answers by an error of its own.</summary>
    /// <param name="what"><c>ReadStreamResult</c> or <c>ReadAllResult</c>.</param>
    public static RpcException UnexpectedResult(string what) => Of(StatusCode.Unknown, $"Unexpected {what}: Error");

    public static RpcException TooManyOpen(int most) => Of(StatusCode.ResourceExhausted, $"At most {most} appends may be open.");

    public static RpcException StreamDeleted(string stream) => Of(
        StatusCode.FailedPrecondition,
        $"Event stream '{stream}' is deleted.",
        ("exception", "stream-deleted"),
        ("stream-name", stream));

    public static RpcException WrongExpectedVersion(string stream, ExpectedRevision expected, long actual) => Of(
        StatusCode.FailedPrecondition,
        $"Delete failed due to WrongExpectedVersion. Stream: {stream}, Expected version: {expected.Value}, Actual version: {actual}",
        ("exception", "wrong-expected-version"),
        ("stream-name", stream),
        ("expected-version", expected.Value.ToString(CultureInfo.InvariantCulture)),
        ("actual-version", actual.ToString(CultureInfo.InvariantCulture)));

    public static RpcException MissingMetadata(string name) => Of(
        StatusCode.InvalidArgument,
        $"Required Metadata Property '{name}' is missing",
        ("exception", "missing-required-metadata-property"),
        ("required-metadata-properties", "type,content-type"));

    public static RpcException TooLarge(int max) => Of(
        StatusCode.InvalidArgument,
        $"Maximum Append Size of {max} Exceeded.",
        ("exception", "maximum-append-size-exceeded"),
        ("maximum-append-size", max.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Clients try again on this one, and the same append again finds out.</summary>
    public static RpcException NotAvailable() =>
        Of(StatusCode.Unavailable, "The log is not available now; whether a write was done, the same write again finds out.");

    public static RpcException Damaged() => Of(StatusCode.DataLoss, "The log is damaged there; the server's log says where.");

    public static RpcException NoMessage() => Of(StatusCode.Internal, "What came is no message of this method.");

    public static RpcException Failed() => Of(StatusCode.Unknown, "The server failed; its log says how.");

    public static RpcException Stopping() => Of(StatusCode.Unavailable, "The server is shutting down.");

    private static RpcException Of(StatusCode code, string detail, params ReadOnlySpan<(string Name, string Value)> trailers)
    {
        var metadata = new Metadata();
        foreach (var (name, value) in trailers) metadata.Add(name, Encoded(value));
        return new RpcException(new Status(code, detail), metadata);
    }

    /// <summary>Headers are printable ASCII; gRPC encodes the status's words alone.</summary>
    private static string Encoded(string text) => text.All(c => c is >= ' ' and <= '~' and not '%') ? text : Uri.EscapeDataString(text);
}
