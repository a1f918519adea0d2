using System.Collections.Concurrent;
using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.Domain.StreamEvent.StreamCancelled;

namespace EventSourcedStreams.Domain;

/// <summary>Ends and deletes streams from outside, on whichever node they are driven.</summary>
internal sealed class StreamEndings(
    StreamLog log,
    StreamTails tails,
    StreamRunners drivers,
    NodeWatch watch,
    Func<AppendId> nextAppendId,
    StreamTelemetry telemetry,
    TimeProvider time)
{
    /// <summary>How long the driver has to end it itself.</summary>
    private static readonly TimeSpan DriverLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long this node tries to append the ending itself after that.</summary>
    private static readonly TimeSpan OwnLimit = TimeSpan.FromSeconds(10);

    /// <summary>A deletion takes no longer, by its own clock, to be done or given up.</summary>
    public static readonly TimeSpan DeletionLimit = DriverLimit + (2 * OwnLimit);

    /// <summary>The deletions that run here, each with its stream.</summary>
    private readonly ConcurrentDictionary<AppendId, StreamId> deletions = new();

    /// <summary>Whether a deletion of this stream runs here: it goes on by itself.</summary>
    public bool IsDeleting(StreamId id) => deletions.Values.Contains(id);

    /// <summary>Ends a stream as cancelled; one that has its ending keeps it.</summary>
    /// <exception cref="LogUnavailableException">Not certain in time.</exception>
    public Task<EndResult> CancelAsync(StreamId id, string? reason, Caller caller, CancellationToken ct)
    {
        // Those words alone would say that it is to be deleted, and it would be.
        if (reason == ForDeletion) reason = reason.TrimEnd('.');
        var cancel = new Cancel(caller.Actor, reason, tails.Now) { At = tails.Now };
        return InTimeAsync(DriverLimit + OwnLimit, token => CancelAsync(id, cancel, caller, token), ct);
    }

    /// <summary>Deletes a stream for ever: cancels it first if it runs, fences it, removes it.</summary>
    /// <exception cref="LogUnavailableException">Not certain in time; the same again goes on where this
    /// stopped.</exception>
    public async Task<EndResult> DeleteAsync(StreamId id, string? reason, Caller caller, CancellationToken ct)
    {
        var first = nextAppendId();
        AppendId? drawn = first;
        var cancel = new Cancel(caller.Actor, ForDeletion, tails.Now) { At = tails.Now, ForDeletion = first.EventAt(0).ToString() };
        deletions[first] = id;
        try
        {
            return await InTimeAsync(DeletionLimit, DeleteAsync, ct);
        }
        finally
        {
            deletions.TryRemove(first, out _);
        }

        async Task<EndResult> DeleteAsync(CancellationToken token)
        {
            EndResult? ended = null;
            try
            {
                while (true)
                {
                    // Ended by this very deletion, and removed by another node: that is what was asked for.
                    if (await FenceAsync(id, reason, Draw, caller, token) is { } result) return result is EndResult.Deleted ? ended ?? result : result;
                    var state = await CancelAsync(id, cancel, caller, token);
                    ended ??= state;
                }
            }
            catch (StreamGoneException) when (ended is not null)
            {
                return ended;
            }
        }

        // The cancellation names the id that its deletion has; an append that was decided anew needs another.
        AppendId Draw()
        {
            var next = drawn ?? nextAppendId();
            drawn = null;
            return next;
        }
    }

    /// <summary>Removes a stream that was fenced before: a deletion that was cut short.</summary>
    public Task RemoveAsync(RecordedEvent fence, CancellationToken ct) =>
        log.TombstoneAsync(fence.Stream, new Deletion(fence.Context.Actor, fence.Event.At, fence.Head), ct);

    private async Task<EndResult> InTimeAsync(TimeSpan most, Func<CancellationToken, Task<EndResult>> act, CancellationToken ct)
    {
        try
        {
            return await TimeLimit.WithinAsync(most, time, act, ct);
        }
        catch (StreamGoneException)
        {
            return new EndResult.Deleted();
        }
    }

    private async Task<EndResult> CancelAsync(StreamId id, Cancel cancel, Caller caller, CancellationToken ct)
    {
        var asked = false;
        while (true)
        {
            var tail = await tails.OpenAsync(id, ct);
            if (tail.State is not (StreamState.Pending or StreamState.Streaming)) return EndResult.Of(tail.State);
            if (drivers.End(id, cancel) is { } ended)
            {
                await ended.WaitAsync(ct);
                continue;
            }

            if (!asked && tail.State is StreamState.Streaming && await IsDrivenElsewhereAsync(id, ct))
            {
                asked = true;
                await AskDriverAsync(id, tail, cancel, caller, ct);
                continue;
            }

            // The stream has no driver, or its driver does not answer.
            var source = (tail.State as StreamState.Pending)?.Created.Source;
            if (await tail.AppendAsync([cancel with { At = tails.Now }], tails.ContextFor(caller), ct)
                is (Decision.Accepted([.., StreamEvent.Ending ending]), AppendOutcome.Appended))
                telemetry.EndedUndriven(id, ending, source);
        }
    }

    private async Task<bool> IsDrivenElsewhereAsync(StreamId id, CancellationToken ct)
    {
        var revision = Revision.From(1);
        var next = await log.ReadOneAsync(id, revision, ReadFrom.Leader, ct);
        while (next?.Event is StreamNote) next = await log.ReadOneAsync(id, revision = revision.Next, ReadFrom.Leader, ct);
        return next?.Event is StreamEvent.StreamStarted started && !await watch.IsDeadAsync(started.Driver, ct);
    }

    /// <summary>Returns when the stream has its ending, or the driver has had its time.</summary>
    private async Task AskDriverAsync(StreamId id, StreamTail seen, Cancel cancel, Caller caller, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(DriverLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var request = new ServiceEvent.StreamCancelRequested(id, cancel.Reason, seen.State.CurrentEpoch) { At = tails.Now };
            var context = tails.ContextFor(caller) with { CausationId = cancel.ForDeletion };
            await log.AppendRequestAsync(request, context, nextAppendId(), either.Token);
            await foreach (var recorded in log.FollowAsync(id, seen.Head.Revision, either.Token))
            {
                if (recorded.Event.IsEnding) return;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The driver did not end the stream in time: this node does.
        }
    }

    /// <returns>Null: it runs, or something came between: look again.</returns>
    private async Task<EndResult?> FenceAsync(StreamId id, string? reason, Func<AppendId> draw, Caller caller, CancellationToken ct)
    {
        var end = await log.ReadEndAsync(id, ct);
        var tail = tails.At(id, end, draw);
        if (tail.State is StreamState.Deleted)
        {
            await RemoveAsync(end!.Decisive, ct);
            return new EndResult.Deleted();
        }

        var before = tail.State;
        if (before is StreamState.Streaming) return null;
        var delete = new Delete(caller.Actor, reason) { At = tails.Now };
        switch (await tail.AppendAsync([delete], tails.ContextFor(caller), ct))
        {
            case (_, AppendOutcome.Appended):
                await log.TombstoneAsync(id, new Deletion(caller.Actor, delete.At, tail.Head), ct);
                telemetry.Deleted(id);
                return EndResult.Of(before);
            case (_, AppendOutcome.Deleted):
                return new EndResult.Deleted();
            case (Decision.Rejected(Rejection.UnknownStream), _):
                return new EndResult.UnknownStream();
            default:
                return null;
        }
    }
}

/// <summary>The outcome of a request to end a stream.</summary>
internal abstract record EndResult
{
    private EndResult() { }

    /// <summary>It has this ending; for a deletion: it had it, and is gone now.</summary>
    public sealed record Ended(StreamStatus Status) : EndResult;

    public sealed record UnknownStream : EndResult;

    /// <summary>It was deleted before.</summary>
    public sealed record Deleted : EndResult;

    internal static EndResult Of(StreamState state) => state switch
    {
        StreamState.Missing => new UnknownStream(),
        StreamState.Deleted => new Deleted(),
        StreamState.Ended s => new Ended(s.Status),
        StreamState.Pending => new Ended(StreamStatus.Pending),
        _ => new Ended(StreamStatus.Streaming),
    };
}
