using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>What a source waits for between two pieces. Under its runner's gate.</summary>
internal sealed class SourcePause
{
    /// <summary>After so many appends a source that never waits by itself lets other work go before it: some hundred of
    /// such streams would hold all threads for as long as their texts last.</summary>
    private const int MaxBurst = 1024;

    private TaskCompletionSource? room;
    private uint appends;

    /// <summary>The source waits for room, or would if it had more to say.</summary>
    public bool IsOn => room is not null;

    /// <returns>Completes when the pause is over.</returns>
    public Task Begin()
    {
        room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return room.Task;
    }

    /// <summary>The source goes on: there is room, or it has a stop to notice.</summary>
    public void End()
    {
        room?.TrySetResult();
        room = null;
    }

    /// <summary>No pause: what a source waits for all the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a token: see StreamRunner.Append
    public Task None() => ++appends % MaxBurst == 0 ? YieldAsync() : Task.CompletedTask;

    private static async Task YieldAsync() => await Task.Yield();
}
