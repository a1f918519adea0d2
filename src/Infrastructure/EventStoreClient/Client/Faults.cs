using System.Globalization;
using EventSourcedStreams.EventStoreProtocol;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace EventStore.Client;

/// <summary>What a call's end is to the caller, told by its trailers, else by its status.</summary>
internal static class Faults
{
    public static Exception Of(GrpcException e)
    {
        var trailers = new Grpc.Core.Metadata();
        foreach (var (key, value) in e.Trailers) trailers.Add(key, value);
        var rpc = new RpcException(new Status((StatusCode)e.Status, e.Detail, e), trailers);
        string? Trailer(string key) => e.Trailers.GetValueOrDefault(key);
        return Trailer("exception") switch
        {
            "access-denied" => new AccessDeniedException(rpc.Message, rpc),
            "invalid-transaction" => new InvalidTransactionException(rpc.Message, rpc),
            "stream-deleted" => new StreamDeletedException(Trailer("stream-name") ?? "<unknown>", rpc),
            "stream-not-found" => new StreamNotFoundException(Trailer("stream-name") ?? "<unknown>", rpc),
            "wrong-expected-version" => new WrongExpectedVersionException(
                Trailer("stream-name") ?? "<unknown>", Revision(Trailer("expected-version")), Revision(Trailer("actual-version")), rpc, rpc.Message),
            "maximum-append-size-exceeded" => new MaximumAppendSizeExceededException(Number(Trailer("maximum-append-size")), rpc),
            "missing-required-metadata-property" => new RequiredMetadataPropertyMissingException(
                Trailer("required-metadata-properties") ?? "<unknown>", rpc),
            "not-leader" when Trailer("leader-endpoint-host") is { } host => new NotLeaderException(
                host, Number(Trailer("leader-endpoint-port")), rpc),
            _ => e.Status switch
            {
                Code.Unauthenticated => new NotAuthenticatedException(rpc.Message, rpc),
                Code.Unavailable when e.Detail == "Deadline Exceeded" =>
                    new RpcException(new Status(StatusCode.DeadlineExceeded, e.Detail, e), trailers),
                _ => rpc,
            },
        };
    }

    /// <summary>A call that its caller ended.</summary>
    public static RpcException Cancelled(Exception cause) => new(new Status(StatusCode.Cancelled, "Call canceled by the client.", cause));

    public static RpcException Late(Exception? cause) => new(new Status(StatusCode.DeadlineExceeded, "No answer came in time.", cause));

    // A state in place of a revision is below zero.
    private static StreamRevision Revision(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new StreamRevision(number) : StreamRevision.None;

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
