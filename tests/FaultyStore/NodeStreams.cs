using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = Grpc.Core.Status;
using Streams = EventSourcedStreams.EventStoreProtocol.Streams.Streams;

namespace EventSourcedStreams.FaultyStore;

/// <summary>Calls of a node, forwarded one by one.</summary>
internal sealed class NodeStreams(FaultyNode node, Streams.StreamsClient served) : Streams.StreamsBase
{
    public override async Task Read(ReadReq request, IServerStreamWriter<ReadResp> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        await AdmitAsync(context, request.Options.All is null ? Rights.Read : Rights.ReadAll);
        if (request.Options.Subscription is null)
        {
            await new NodeRead(node, request).RunAsync(served, responseStream, ct);
            return;
        }

        using var call = served.Read(request, cancellationToken: ct);
        await foreach (var response in call.ResponseStream.ReadAllAsync(ct))
        {
            if (response.Event?.Event is { } recorded)
            {
                await node.SeenAsync(NodeRead.Created(recorded), ct);
                if (node.LeavesOut(recorded.StreamIdentifier.StreamName.ToStringUtf8(), (long)recorded.StreamRevision)) continue;
            }

            if (node.Delay > TimeSpan.Zero) await Task.Delay(node.Delay, ct);
            await responseStream.WriteAsync(response, ct);
        }
    }

    public override async Task<AppendResp> Append(IAsyncStreamReader<AppendReq> requestStream, ServerCallContext context)
    {
        await AdmitAsync(context, Rights.Append);
        using var call = served.Append(cancellationToken: context.CancellationToken);
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken)) await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    public override async Task BatchAppend(
        IAsyncStreamReader<BatchAppendReq> requestStream, IServerStreamWriter<BatchAppendResp> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        using var call = served.BatchAppend(cancellationToken: ct);
        using var writing = new SemaphoreSlim(1, 1);
        var answering = AnswerAsync();
        await foreach (var request in requestStream.ReadAllAsync(ct))
        {
            await AdmitAsync(context, Rights.None);
            if (node.LosesAppends) continue;
            if (node.Refused.HasFlag(Rights.Append)) await WriteAsync(Denied(request));
            else await call.RequestStream.WriteAsync(request, ct);
        }

        await call.RequestStream.CompleteAsync();
        await answering;

        async Task AnswerAsync()
        {
            await foreach (var response in call.ResponseStream.ReadAllAsync(ct)) await WriteAsync(response);
        }

        async Task WriteAsync(BatchAppendResp response)
        {
            await writing.WaitAsync(ct);
            try
            {
                await responseStream.WriteAsync(response, ct);
            }
            finally
            {
                writing.Release();
            }
        }
    }

    public override async Task<DeleteResp> Delete(DeleteReq request, ServerCallContext context)
    {
        await AdmitAsync(context, Rights.Delete);
        return await served.DeleteAsync(request, cancellationToken: context.CancellationToken);
    }

    public override async Task<TombstoneResp> Tombstone(TombstoneReq request, ServerCallContext context)
    {
        await AdmitAsync(context, Rights.Delete);
        return await served.TombstoneAsync(request, cancellationToken: context.CancellationToken);
    }

    private static BatchAppendResp Denied(BatchAppendReq request) => new()
    {
        CorrelationId = request.CorrelationId,
        Error = new EventStoreProtocol.Status { Code = Code.PermissionDenied, Message = "Access Denied", Details = Any.Pack(new AccessDenied()) },
    };

    private async Task AdmitAsync(ServerCallContext context, Rights right)
    {
        if (node.Delay > TimeSpan.Zero) await Task.Delay(node.Delay, context.CancellationToken);
        if (!node.IsLeader && context.RequestHeaders.GetValue("requires-leader") == "true") throw NotLeader();
        if (right != Rights.None && node.Refused.HasFlag(right))
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Access Denied"), new Metadata { { "exception", "access-denied" } });
    }

    private RpcException NotLeader() => new(
        new Status(StatusCode.NotFound, "Leader info available"),
        new Metadata
        {
            { "exception", "not-leader" },
            { "leader-endpoint-host", "127.0.0.1" },
            { "leader-endpoint-port", $"{node.LeaderPort}" },
        });
}
