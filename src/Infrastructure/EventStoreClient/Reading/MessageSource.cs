using System.Runtime.CompilerServices;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>What a read or a subscription hears, taken once. The call begins with the first wish to hear something.</summary>
/// <param name="open">Begins the call, which its token ends.</param>
/// <param name="caller">Ends the call at any time.</param>
/// <param name="client">As does the client's end.</param>
internal sealed class MessageSource(
    Func<CancellationToken, IAsyncEnumerable<ReadResp>> open, CancellationToken caller, CancellationToken client)
{
    private readonly Lock gate = new();
    private CancellationTokenSource? ended;
    private IAsyncEnumerator<ReadResp>? responses;
    private Task<ReadResp?>? first;
    private bool taken;
    private bool stopped;
    private bool done;

    /// <summary>The first response, which <see cref="TakeAllAsync"/> gives too; null where there is none.</summary>
    public Task<ReadResp?> FirstAsync()
    {
        lock (gate)
        {
            if (first is not null) return first;
            ended = CancellationTokenSource.CreateLinkedTokenSource(caller, client);
            if (stopped) ended.Cancel();
            responses = open(ended.Token).GetAsyncEnumerator(CancellationToken.None);
            return first = NextAsync(responses);
        }
    }

    /// <exception cref="InvalidOperationException">It was taken before.</exception>
    public void Take()
    {
        if (Interlocked.Exchange(ref taken, true)) throw new InvalidOperationException("Messages may only be enumerated once.");
    }

    /// <summary>All responses, to the call's end. Whoever stops before ends the call.</summary>
    public async IAsyncEnumerable<ReadResp> TakeAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var stopping = ct.UnsafeRegister(static source => ((MessageSource)source!).Stop(), this);
        var heard = FirstAsync();
        try
        {
            for (var next = await HeardAsync(heard, ct).ConfigureAwait(false); next is not null;)
            {
                yield return next;
                next = await HeardAsync(NextAsync(responses!), ct).ConfigureAwait(false);
            }
        }
        finally
        {
            await responses!.DisposeAsync().ConfigureAwait(false);
            lock (gate) done = true;
            ended!.Dispose();
        }
    }

    /// <summary>Ends the call, or keeps it from beginning.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopped = true;
            if (!done) ended?.CancelAsync();
        }
    }

    private static async Task<ReadResp?> NextAsync(IAsyncEnumerator<ReadResp> responses) =>
        await responses.MoveNextAsync().ConfigureAwait(false) ? responses.Current : null;

    // Who enumerates with a token gets its cancellation back; the call's own token ends it as gRPC says.
    private static async ValueTask<ReadResp?> HeardAsync(Task<ReadResp?> next, CancellationToken ct)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, ct);
        }
    }
}
