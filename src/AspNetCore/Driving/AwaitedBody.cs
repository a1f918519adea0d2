namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A request's body that says when it is first asked for. Then a client that sent <c>Expect: 100-continue</c> has been told to go on;
/// an answer that begins earlier would leave it waiting.
/// </summary>
internal sealed class AwaitedBody(Stream body) : ReadOnlyStream
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Asked => asked.Task;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(buffer, cancellationToken);
        asked.TrySetResult();
        return read;
    }
}
