using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>Hears the answers on a call that many appends share.</summary>
/// <param name="take">The append that an answer is for; null: none that is still open.</param>
internal sealed class AppendAnswers(
    IAsyncStreamReader<BatchAppendResp> responses, Func<BatchAppendResp, TaskCompletionSource<BatchAppendResp>?> take)
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Until the server ends the call.</summary>
    /// <exception cref="RpcException">The call has failed, or its token ended it.</exception>
    public Task HearAsync()
    {
        _ = HearAsync(Next());
        return ended.Task;
    }

    /// <summary>Off this thread: what waits for the task goes on wherever it is completed, and may block.</summary>
    public static void Later(TaskCompletionSource<BatchAppendResp> append, Action<TaskCompletionSource<BatchAppendResp>> complete) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => work.complete(work.append), (complete, append), preferLocal: false);

    private async Task HearAsync(Task<bool> next)
    {
        try
        {
            while (await next.ConfigureAwait(false))
            {
                var response = responses.Current;
                next = Next();
                if (take(response) is not { } append) continue;
                if (!next.IsCompleted)
                {
                    // The next answer will be heard on the thread that brings it. So this one can go on with the
                    // append, without the hop to another that would be a good part of the append's time.
                    _ = HearAsync(next);
                    append.TrySetResult(response);
                    return;
                }

                Later(append, one => one.TrySetResult(response));
            }

            ended.TrySetResult();
        }
        catch (Exception e)
        {
            ended.TrySetException(e);
        }
    }

    // The call has its token; a second time it would cost a registration for each message.
    private Task<bool> Next() => responses.MoveNext(CancellationToken.None);
}
