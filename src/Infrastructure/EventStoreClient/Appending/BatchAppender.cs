using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>Keeps the call that appends share: opened by the first, and anew by the first after it ended.</summary>
internal sealed class BatchAppender(Calls calls, Connections connections) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<BatchCall> running = [];
    private bool disposed;

    /// <exception cref="RpcException">The call has ended: whether the append took place is not known.</exception>
    /// <exception cref="TimeoutException">There was no answer by the deadline.</exception>
    public Task<BatchAppendResp> AppendAsync(
        NodeConnection node, Uuid id, IEnumerable<BatchAppendReq> requests, Deadline deadline, CancellationToken ct)
    {
        BatchCall call;
        TaskCompletionSource<BatchAppendResp> answer;
        lock (gate)
        {
            call = CallTo(node);
            answer = call.Register(id);
        }

        return call.AppendAsync(id, answer, requests, deadline, ct);
    }

    public async ValueTask DisposeAsync()
    {
        BatchCall[] last;
        lock (gate) (last, disposed) = ([.. running], true);
        foreach (var call in last) await call.DisposeAsync().ConfigureAwait(false);
    }

    // The newest is the one to use; those before it only wait for their last answers.
    private BatchCall CallTo(NodeConnection node)
    {
        if (disposed) throw Faults.Disposed();
        running.RemoveAll(call => call.Ended);
        if (running is [.., var newest])
        {
            if (newest.Node.Channel == node.Channel) return newest;
            newest.Retire();
        }

        var opened = new BatchCall(node, calls, how => connections.Report(node, Faults.Of(how)));
        running.Add(opened);
        return opened;
    }
}
