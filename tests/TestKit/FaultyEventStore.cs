using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>A log whose appends and reads can be held back, lost or refused; everything else goes to the log behind
/// it.</summary>
internal sealed class FaultyEventStore(IEventStore behind, TimeProvider time) : DelegatingEventStore(behind)
{
    private volatile TaskCompletionSource? held;
    private readonly ConcurrentDictionary<object, string> waiting = new();
    private volatile bool answersLost;
    private int appends;
    private int asked;

    /// <summary>How long each append takes before it is written; zero: as long as the log behind takes.</summary>
    public TimeSpan AppendDelay { get; set; }

    /// <summary>Called with each append that reaches the log behind, before it does.</summary>
    public Action<string, IReadOnlyList<NewEvent>>? OnAppend { get; set; }

    /// <summary>Called at the begin of each following of everything.</summary>
    public Action? OnFollowAll { get; set; }

    /// <summary>Called with the stream of each read.</summary>
    public Action<string>? OnRead { get; set; }

    /// <summary>How many appends were asked for, repeats included.</summary>
    public int Appends => Volatile.Read(ref appends);

    /// <summary>The streams of those appends that wait here for <see cref="ComeBack"/>.</summary>
    public IEnumerable<string> HeldAppends => waiting.Values;

    /// <summary>Calls that have reached the log behind and that it has not answered; followers are not
    /// counted.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>From now on nothing is answered, neither appends nor reads, until <see cref="ComeBack"/>.</summary>
    public void GoAway() => held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ComeBack()
    {
        var whoWaits = held;
        held = null;
        answersLost = false;
        whoWaits?.TrySetResult();
    }

    /// <summary>From now on appends are written and their answers lost: the caller waits until it gives up.</summary>
    public void LoseAnswers() => answersLost = true;

    public override async Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        Interlocked.Increment(ref appends);
        if (AppendDelay > TimeSpan.Zero) await Task.Delay(AppendDelay, time, ct);
        await HoldAsync(stream, ct);
        OnAppend?.Invoke(stream, events);
        var result = await AskAsync(() => Behind.AppendAsync(stream, expected, events, ct));
        if (answersLost) await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
        return result;
    }

    public override async Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        OnRead?.Invoke(stream);
        await AwayAsync(ct);
        return await AskAsync(() => Behind.ReadAsync(stream, from, forward, maxCount, leader, ct));
    }

    public override async IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var stored in Behind.FollowAsync(stream, from, ct))
        {
            await AwayAsync(ct);
            yield return stored;
        }
    }

    public override async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
        LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        OnFollowAll?.Invoke();
        await foreach (var stored in Behind.FollowAllAsync(after, filter, ct))
        {
            await AwayAsync(ct);
            yield return stored;
        }
    }

    public override async Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct)
    {
        await AwayAsync(ct);
        return await AskAsync(() => Behind.FindAsync(position, ct));
    }

    public override async Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, Domain.EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct)
    {
        await AwayAsync(ct);
        return await AskAsync(() => Behind.TombstoneAsync(stream, expected, id, metadata, ct));
    }

    public override async Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct)
    {
        await AwayAsync(ct);
        await AskAsync(async () =>
        {
            await Behind.SetLimitsAsync(stream, limits, ct);
            return true;
        });
    }

    private async Task HoldAsync(string stream, CancellationToken ct)
    {
        var append = new object();
        waiting[append] = stream;
        try
        {
            await AwayAsync(ct);
        }
        finally
        {
            waiting.TryRemove(append, out _);
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        Interlocked.Increment(ref asked);
        try
        {
            return await ask();
        }
        finally
        {
            Interlocked.Decrement(ref asked);
        }
    }

    private Task AwayAsync(CancellationToken ct) => held?.Task.WaitAsync(ct) ?? Task.CompletedTask;
}
