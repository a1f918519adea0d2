using System.Threading.Tasks.Sources;

namespace EventSourcedStreams.Domain;

/// <summary>Wakes the one reader of a queue, on the thread that gives the signal, and allocates nothing. Each reset is
/// followed by one signal and one wait, in either order.</summary>
internal sealed class ReaderSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> core;

    public void Reset() => core.Reset();

    public ValueTask WaitAsync() => new(this, core.Version);

    public void Give() => core.SetResult(true);

    void IThreadPoolWorkItem.Execute() => Give();

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
