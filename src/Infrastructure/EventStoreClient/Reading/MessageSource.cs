using System.Runtime.CompilerServices;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Grpc.Core;

namespace EventStore.Client;

/// <summary>What a read or a subscription hears, taken once. The call begins with the first wish to hear
/// something.</summary>
/// <param name="open">Begins the call, which its token ends.</param>
/// <param name="caller">Ends the call at any time.</param>
/// <param name="client">As does the client's end.</param>
internal sealed class MessageSource(
    Func<CancellationToken, IAsyncEnumerable<ReadResp>> open, CancellationToken caller, CancellationToken client) : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private bool taken;

    /// <summary>All messages, to the call's end. Disposing the enumerator before ends the call.</summary>
    /// <exception cref="InvalidOperationException">They were taken before.</exception>
    public async IAsyncEnumerable<StreamMessage> TakeAllAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        if (Interlocked.Exchange(ref taken, true)) throw new InvalidOperationException("Messages may only be enumerated once.");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(caller, client, stop.Token, ct);
        await using var responses = open(ended.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await NextAsync(responses, ct).ConfigureAwait(false)) yield return ReadResponses.Message(responses.Current);
    }

    /// <summary>Ends the call, or keeps it from beginning.</summary>
    public void Dispose() => stop.Cancel();

    // An enumerator's own token gets its cancellation back; the call's token ends it as gRPC says.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ReadResp> responses, CancellationToken ct)
    {
        try
        {
            return await responses.MoveNextAsync().ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, ct);
        }
    }
}
