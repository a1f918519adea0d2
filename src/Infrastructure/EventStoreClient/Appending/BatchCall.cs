using System.Collections.Concurrent;
using System.Threading.Channels;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>Many appends on one call: sent in order, answered in any. When the call ends, all that are open
/// fail.</summary>
internal sealed class BatchCall : IAsyncDisposable
{
    // Requests, each one append as a rule. It only fills while the server takes nothing; then appends wait for room.
    private const int MaxQueued = 1000;

    // An append that finds no other under way is sent on its caller's thread: a hop to another one would be a good part
    // of its time.
    private readonly Channel<Queued> queue = Channel.CreateBounded<Queued>(
        new BoundedChannelOptions(MaxQueued) { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly ConcurrentDictionary<Uuid, TaskCompletionSource<BatchAppendResp>> open = [];
    private readonly HeldRequests held = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Action<RpcException> onEnd;
    private readonly Task running;
    private volatile RpcException? end;
    private volatile bool retired;
    private bool ending;
    private int underWay;

    /// <param name="onEnd">Hears how the call ended, before the open appends do.</param>
    public BatchCall(NodeConnection node, Calls calls, Action<RpcException> onEnd)
    {
        (Node, this.onEnd) = (node, onEnd);
        running = Task.Run(() => RunAsync(calls));
    }

    public NodeConnection Node { get; }

    public bool Ended => end is not null;

    /// <summary>Makes room for an append, which then has to be awaited. Not after <see cref="Retire"/>.</summary>
    public TaskCompletionSource<BatchAppendResp> Register(Uuid id)
    {
        Interlocked.Increment(ref underWay);
        return open[id] = new TaskCompletionSource<BatchAppendResp>();
    }

    /// <param name="answer">From <see cref="Register"/>, for the same id.</param>
    /// <exception cref="RpcException">The call has ended: whether the append took place is not known.</exception>
    /// <exception cref="TimeoutException">There was no answer by the deadline.</exception>
    public async Task<BatchAppendResp> AppendAsync(
        Uuid id, TaskCompletionSource<BatchAppendResp> answer, IEnumerable<BatchAppendReq> requests, Deadline deadline, CancellationToken ct)
    {
        try
        {
            // Either this sees the end, or the end sees the append.
            if (end is { } ended) throw ended;
            foreach (var request in requests)
            {
                var queued = new Queued(request, answer.Task);
                if (!queue.Writer.TryWrite(queued)) await WriteAsync(queued, deadline, ct).ConfigureAwait(false);
            }

            return await answer.Task.WaitAsync(deadline.RemainingOrInfinite, TimeProvider.System, ct).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return await answer.Task.WaitAsync(deadline.RemainingOrInfinite, TimeProvider.System, ct).ConfigureAwait(false);
        }
        finally
        {
            open.TryRemove(id, out _);
            Interlocked.Decrement(ref underWay);
            answer.TrySetCanceled(CancellationToken.None);
            if (retired && open.IsEmpty) await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes no more appends, and ends when those that are open are answered.</summary>
    public void Retire()
    {
        retired = true;
        if (open.IsEmpty) stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async Task RunAsync(Calls calls)
    {
        var ct = stop.Token;
        try
        {
            HeldRequests.OfNextCall = held;
            using var call = Node.Channel.Streams.BatchAppend(calls.Options(null, null, ct));
            HeldRequests.OfNextCall = null;
            var sending = SendAsync(call.RequestStream);
            try
            {
                await new AppendAnswers(call.ResponseStream, Take).HearAsync().ConfigureAwait(false);
                End(Failure(StatusCode.Unavailable, "The server ended the call.", null));
            }
            catch (RpcException e)
            {
                End(e);
            }
            finally
            {
                // A request that the server does not take any more is let go.
                call.Dispose();
                queue.Writer.TryComplete();
                await sending.ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            End(e switch
            {
                OperationCanceledException => Faults.Cancelled(e),
                ObjectDisposedException => Faults.Closed(e),
                _ => Failure(StatusCode.Internal, e.Message, e),
            });
        }
    }

    private TaskCompletionSource<BatchAppendResp>? Take(BatchAppendResp response) =>
        response.CorrelationId is { } id && open.TryRemove(Uuid.FromWire(id), out var append) ? append : null;

    // The queue is full.
    private async Task WriteAsync(Queued queued, Deadline deadline, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(deadline.RemainingOrInfinite, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            await queue.Writer.WriteAsync(queued, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException(null, e);
        }
    }

    private async Task SendAsync(IClientStreamWriter<BatchAppendReq> requests)
    {
        try
        {
            // A token would cost what AllowSynchronousContinuations is for: the queue's end ends this.
            while (await queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (Volatile.Read(ref underWay) > 1) await OthersAsync().ConfigureAwait(false);

                // Only the last of those at hand is flushed, and the others with it.
                BatchAppendReq? last = null;
                while (queue.Reader.TryRead(out var next))
                {
                    // Its caller no longer waits: it need not be sent.
                    if (next.Answer.IsCompleted) continue;
                    if (last is not null) await WriteAsync(last, moreFollows: true).ConfigureAwait(false);
                    last = next.Request;
                }

                if (last is not null) await WriteAsync(last, moreFollows: false).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException || Faults.EndsSending(e))
        {
            // The call has ended; the responses say how.
        }
        catch (Exception e)
        {
            // Nothing would be sent any more, and all would wait for it.
            End(Failure(StatusCode.Internal, e.Message, e));
            await stop.CancelAsync().ConfigureAwait(false);
        }

        Task WriteAsync(BatchAppendReq request, bool moreFollows)
        {
            held.MoreFollows = moreFollows;
            return requests.WriteAsync(request, CancellationToken.None);
        }
    }

    // Behind what goes on after answers that came together: what it appends is sent together too.
    private static Task OthersAsync()
    {
        var turn = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static turn => turn.SetResult(), turn, preferLocal: false);
        return turn.Task;
    }

    private void End(RpcException how)
    {
        if (Interlocked.Exchange(ref ending, true)) return;
        onEnd(how);
        end = how;
        queue.Writer.TryComplete();
        foreach (var (_, answer) in open) AppendAnswers.Later(answer, one => one.TrySetException(how));
    }

    private static RpcException Failure(StatusCode code, string detail, Exception? cause) => new(new Status(code, detail, cause));

    private readonly record struct Queued(BatchAppendReq Request, Task Answer);
}
