using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;
using Grpc.Core;
using Streams = EventSourcedStreams.EventStoreProtocol.Streams.Streams;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Appending, reading, subscribing and deleting, of the embedded log.</summary>
internal sealed class StreamsService(SqliteEventStore log, TextWrites texts, TimeProvider time, ServedCalls calls) : Streams.StreamsBase
{
    public override Task<AppendResp> Append(IAsyncStreamReader<AppendReq> requestStream, ServerCallContext context) =>
        calls.RunAsync(context, ct => AppendCall.RunAsync(log, texts, requestStream, ct));

    public override Task BatchAppend(
        IAsyncStreamReader<BatchAppendReq> requestStream, IServerStreamWriter<BatchAppendResp> responseStream, ServerCallContext context) =>
        calls.RunAsync(context, async ct =>
        {
            using var batch = new BatchAppendCall(
                log, texts, time, requestStream, new ResponseBuffer<BatchAppendResp>(responseStream, context));
            await batch.RunAsync(ct);
        });

    public override Task Read(ReadReq request, IServerStreamWriter<ReadResp> responseStream, ServerCallContext context) =>
        calls.RunAsync(context, ct => ReadCall.RunAsync(log, request, new ResponseBuffer<ReadResp>(responseStream, context), ct));

    public override Task<DeleteResp> Delete(DeleteReq request, ServerCallContext context) =>
        calls.RunAsync(context, ct => DeleteCalls.DeleteAsync(log, request, ct));

    public override Task<TombstoneResp> Tombstone(TombstoneReq request, ServerCallContext context) =>
        calls.RunAsync(context, ct => DeleteCalls.TombstoneAsync(log, request, ct));
}
