using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Finishes what has no owner left: streams of dead drivers, streams without a driver, ended ones past their retention,
/// deletions cut short. The catalog names candidates; what is done hangs on the stream's own last event and is
/// appended at its revision, so a racing chunk wins.
/// </summary>
internal sealed class StreamRecovery(
    StreamLog log,
    IStreamCatalog catalog,
    StreamTails tails,
    StreamRunners drivers,
    StreamEndings endings,
    NodeWatch watch,
    SweepRules rules,
    StreamTelemetry telemetry,
    TimeProvider time,
    Action<StreamId, Exception> onFault)
{
    private const int PageSize = 200;

    /// <summary>For one stream, at one time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Of one kind in one sweep; the next sweep goes on behind them.</summary>
    private const int MaxPages = 5;

    /// <summary>How long a stream has to be seen here as ended for its deletion before that is finished here: longer
    /// than a deletion takes. Where it takes longer all the same, one of the two loses a race and says the
    /// same.</summary>
    private static readonly TimeSpan DeletionGrace = StreamEndings.DeletionLimit + TimeSpan.FromSeconds(8);

    /// <summary>Past it they are told again.</summary>
    private const int MaxDamagedTold = 10_000;

    private static readonly Caller Itself = new("sweeper");

    private readonly Turn pending = new(), cancelled = new(), retained = new(), deleted = new();
    private readonly HashSet<StreamId> damaged = [];
    private readonly SeenStreams leftCancelled = new(time);

    /// <summary>
    /// Looks at the streams that are said to be driven by what is not alive, and at some pages of the other candidates,
    /// also behind those that cannot be done: what is left has its turn in the next sweeps.
    /// </summary>
    /// <returns>How many streams were ended or removed.</returns>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var now = tails.Now;
        var done = await EachAsync(new Turn { TakesAll = true }, await NotDrivenAsync(ct), InterruptAsync, ct);
        done += await EachAsync(pending, new DueQuery.PendingSince(now - rules.PendingTimeout), TimeOutAsync, ct);
        done += await EachAsync(cancelled, new DueQuery.CancelledForDeletion(), FinishCancelledAsync, ct);
        if (cancelled.Cursor is null) leftCancelled.ForgetOthers();
        done += await EachAsync(retained, new DueQuery.RetentionOver(now, rules.Retention), DeleteAsync, ct);
        done += await EachAsync(deleted, new DueQuery.DeletionCutShort(), FinishDeletionAsync, ct);
        return done;
    }

    /// <summary>The other nodes that drive streams now, as the catalog knows them.</summary>
    public async Task<IReadOnlySet<string>> DrivingNodesAsync(CancellationToken ct)
    {
        var nodes = (await catalog.DrivingNodesAsync(ct)).ToHashSet(StringComparer.Ordinal);
        nodes.Remove(tails.Node.Node);
        return nodes;
    }

    /// <summary>What this node drives, and what runs drive that are alive now, would be looked at in vain: there are
    /// many of them, and few others. A stream that is looked at is asked for itself all the same.</summary>
    private async Task<DueQuery> NotDrivenAsync(CancellationToken ct)
    {
        var alive = watch.IsExclusive ? [] : await watch.AliveAsync(await DrivingNodesAsync(ct), ct);
        return new DueQuery.Streaming { Alive = alive, Driven = drivers.Driven };
    }

    private async Task<int> EachAsync(Turn turn, DueQuery due, Func<StreamSummary, CancellationToken, Task<bool>> act, CancellationToken ct)
    {
        var (done, pages) = (0, 0);
        do
        {
            (var page, turn.Cursor) = await catalog.FindDueAsync(due, turn.Cursor, PageSize, ct);
            foreach (var stream in page)
            {
                if (await TryAsync(stream, act, ct)) done++;
            }
        }
        while (turn.Cursor is not null && (turn.TakesAll || (++pages < MaxPages && done < PageSize)));
        return done;
    }

    /// <summary>A fault on one stream must not keep the others from their turn.</summary>
    private async Task<bool> TryAsync(StreamSummary stream, Func<StreamSummary, CancellationToken, Task<bool>> act, CancellationToken ct)
    {
        try
        {
            return await TimeLimit.WithinAsync(Limit, time, token => act(stream, token), ct);
        }
        catch (StreamGoneException)
        {
            return false;
        }
        catch (LogDamagedException e)
        {
            // It stays damaged; it is told once.
            if (damaged.Count == MaxDamagedTold) damaged.Clear();
            if (damaged.Add(stream.Id)) onFault(stream.Id, e);
            return false;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            onFault(stream.Id, e);
            return false;
        }
    }

    private async Task<bool> InterruptAsync(StreamSummary stream, CancellationToken ct)
    {
        if (stream.Driver is not { } driver || drivers.IsDriving(stream.Id)) return false;
        if (driver != tails.Node && !await watch.IsDeadAsync(driver, ct)) return false;
        var tail = await tails.OpenAsync(stream.Id, ct);
        if (tail.State is not StreamState.Streaming || drivers.IsDriving(stream.Id)) return false;
        var fail = new Fail("interrupted", "The server that made the text stopped before its end; what was saved is kept.") { At = tails.Now };
        return await EndAsync(tail, fail, stream.Source, ct);
    }

    private async Task<bool> TimeOutAsync(StreamSummary stream, CancellationToken ct)
    {
        var tail = await tails.OpenAsync(stream.Id, ct);
        if (tail.State is not StreamState.Pending || drivers.IsDriving(stream.Id)) return false;
        var timeOut = new TimeOut(tails.Now - stream.CreatedAt, stream.CreatedAt) { At = tails.Now };
        return await EndAsync(tail, timeOut, stream.Source, ct);
    }

    private async Task<bool> EndAsync(StreamTail tail, StreamCommand command, string source, CancellationToken ct)
    {
        if (await tail.AppendAsync([command], tails.ContextFor(Itself), ct) is not (Decision.Accepted accepted, AppendOutcome.Appended)) return false;
        if (accepted.Events is [.., StreamEvent.Ending ending]) telemetry.EndedUndriven(tail.Stream, ending, source);
        return true;
    }

    private async Task<bool> DeleteAsync(StreamSummary stream, CancellationToken ct) =>
        await endings.DeleteAsync(stream.Id, "Its retention is over.", Itself, ct) is EndResult.Ended;

    /// <summary>In the name of its asker; a reason that was given died with the deletion.</summary>
    private async Task<bool> FinishCancelledAsync(StreamSummary stream, CancellationToken ct)
    {
        if (endings.IsDeleting(stream.Id)) return false;
        if (!watch.IsExclusive && leftCancelled.For(stream.Id) < DeletionGrace) return false;
        if ((await log.ReadEndAsync(stream.Id, ct))?.Decisive is not { IsForDeletion: true, Event: StreamEvent.StreamCancelled ending } end)
            return false;
        return await endings.DeleteAsync(stream.Id, null, new Caller(ending.By, end.Context.CorrelationId), ct) is EndResult.Ended;
    }

    private async Task<bool> FinishDeletionAsync(StreamSummary stream, CancellationToken ct)
    {
        if (await log.ReadLastAsync(stream.Id, ct) is not { Event: StreamEvent.StreamDeleted } fence) return false;
        await endings.RemoveAsync(fence, ct);
        return true;
    }

    /// <summary>How far the candidates of one kind have had their turn.</summary>
    private sealed class Turn
    {
        /// <summary>Whether all of them have it in one sweep.</summary>
        public bool TakesAll { get; init; }

        public string? Cursor { get; set; }
    }
}
