using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;
using Status = Grpc.Core.Status;
using Version = EventSourcedStreams.EventStoreProtocol.Streams.AppendResp.Types.WrongExpectedVersion;

namespace EventStore.Client;

/// <summary>A server's answer to an append, as the caller sees it.</summary>
internal static class WriteResults
{
    public static IWriteResult Of(AppendResp response, string stream) => response.ResultCase switch
    {
        AppendResp.ResultOneofCase.Success => new SuccessResult(
            response.Success.HasCurrentRevision ? new StreamRevision(response.Success.CurrentRevision) : StreamRevision.None,
            response.Success.Position is { } at ? new Position(at.CommitPosition, at.PreparePosition) : default),
        AppendResp.ResultOneofCase.WrongExpectedVersion => new WrongExpectedVersionResult(
            stream, Expected(response.WrongExpectedVersion), Actual(response.WrongExpectedVersion)),
        _ => throw new InvalidOperationException("The server answered neither with success nor with a conflict."),
    };

    public static IWriteResult Of(BatchAppendResp response, string stream) => response.ResultCase switch
    {
        BatchAppendResp.ResultOneofCase.Success => new SuccessResult(
            response.Success.HasCurrentRevision ? new StreamRevision(response.Success.CurrentRevision) : StreamRevision.None,
            response.Success.Position is { } at ? new Position(at.CommitPosition, at.PreparePosition) : Position.End),
        BatchAppendResp.ResultOneofCase.Error => Of(response.Error, stream),
        _ => throw new InvalidOperationException("The server answered neither with success nor with an error."),
    };

    /// <exception cref="WrongExpectedVersionException">It is a conflict, and <paramref name="options"/> want it
    /// thrown.</exception>
    public static IWriteResult Checked(this IWriteResult result, EventStoreClientOperationOptions options) =>
        options.ThrowOnAppendFailure && result is WrongExpectedVersionResult conflict
            ? throw new WrongExpectedVersionException(conflict.StreamName, conflict.Expected, conflict.ActualStreamRevision)
            : result;

    private static WrongExpectedVersionResult Of(EventSourcedStreams.EventStoreProtocol.Status error, string stream)
    {
        var details = error.Details;
        if (details is null) throw new InvalidOperationException($"The server refused the append: {error.Message}");
        if (details.TryUnpack(out WrongExpectedVersion conflict))
        {
            return new WrongExpectedVersionResult(
                stream,
                conflict.HasExpectedStreamPosition ? new StreamRevision(conflict.ExpectedStreamPosition) : StreamRevision.None,
                conflict.HasCurrentStreamRevision ? new StreamRevision(conflict.CurrentStreamRevision) : StreamRevision.None);
        }

        if (details.Is(StreamDeleted.Descriptor)) throw new StreamDeletedException(stream);
        if (details.Is(AccessDenied.Descriptor)) throw new AccessDeniedException(error.Message);
        if (details.Is(EventSourcedStreams.EventStoreProtocol.Timeout.Descriptor))
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, error.Message));
        if (details.TryUnpack(out MaximumAppendSizeExceeded size)) throw new MaximumAppendSizeExceededException(size.MaxAppendSize);
        if (details.TryUnpack(out BadRequest bad)) throw new InvalidOperationException(bad.Message);
        throw new InvalidOperationException($"The server refused the append: {error.Message}");
    }

    // Servers of 20.6 set the older members only.
    private static StreamRevision Expected(Version conflict) => conflict switch
    {
        { HasExpectedRevision: true } => new StreamRevision(conflict.ExpectedRevision),
        { ExpectedRevisionOptionCase: not Version.ExpectedRevisionOptionOneofCase.None } => StreamRevision.None,
        { HasExpectedRevision2060: true } => new StreamRevision(conflict.ExpectedRevision2060),
        _ => StreamRevision.None,
    };

    private static StreamRevision Actual(Version conflict) => conflict switch
    {
        { HasCurrentRevision: true } => new StreamRevision(conflict.CurrentRevision),
        { CurrentRevisionOptionCase: not Version.CurrentRevisionOptionOneofCase.None } => StreamRevision.None,
        { HasCurrentRevision2060: true } => new StreamRevision(conflict.CurrentRevision2060),
        _ => StreamRevision.None,
    };
}
