using System.Globalization;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>How calls end that cannot be served: statuses, words and trailers are EventStoreDB's, since clients tell errors by them.</summary>
internal static class Refused
{
    /// <summary>What a request gets that EventStoreDB's handlers stumble over.</summary>
    public static GrpcException Unusable() => new(Code.Unknown, "Exception was thrown by handler.");

    public static GrpcException Invalid(string why) => new(Code.InvalidArgument, why);

    public static GrpcException StreamDeleted(string stream) => new(
        Code.FailedPrecondition,
        $"Event stream '{stream}' is deleted.",
        new Dictionary<string, string> { ["exception"] = "stream-deleted", ["stream-name"] = stream });

    public static GrpcException WrongExpectedVersion(string stream, ExpectedRevision expected, long actual) => new(
        Code.FailedPrecondition,
        $"Delete failed due to WrongExpectedVersion. Stream: {stream}, Expected version: {expected.Value}, Actual version: {actual}",
        new Dictionary<string, string>
        {
            ["exception"] = "wrong-expected-version",
            ["stream-name"] = stream,
            ["expected-version"] = expected.Value.ToString(CultureInfo.InvariantCulture),
            ["actual-version"] = actual.ToString(CultureInfo.InvariantCulture),
        });

    public static GrpcException MissingMetadata(string name) => new(
        Code.InvalidArgument,
        $"Required Metadata Property '{name}' is missing",
        new Dictionary<string, string>
        {
            ["exception"] = "missing-required-metadata-property",
            ["required-metadata-properties"] = "type,content-type",
        });

    public static GrpcException TooLarge() => new(
        Code.InvalidArgument,
        $"Maximum Append Size of {ProposedEvents.MaxAppendBytes} Exceeded.",
        new Dictionary<string, string>
        {
            ["exception"] = "maximum-append-size-exceeded",
            ["maximum-append-size"] = ProposedEvents.MaxAppendBytes.ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>Clients try again on this one, and the same append again finds out.</summary>
    public static GrpcException NotAvailable() =>
        new(Code.Unavailable, "The log is not available now; whether a write was done, the same write again finds out.");

    public static GrpcException Damaged() => new(Code.DataLoss, "The log is damaged there; the server's log says where.");

    public static GrpcException Stopping() => new(Code.Unavailable, "The server is shutting down.");
}
