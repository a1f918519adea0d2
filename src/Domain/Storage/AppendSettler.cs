namespace EventSourcedStreams.Domain;

/// <summary>
/// Brings an append to a certain end. While its outcome is unknown, exactly the same append goes out again; a conflict counts only once
/// the event that stands after the expected revision has been read from the leader.
/// </summary>
/// <param name="attemptLimit">After how long an attempt without an answer is as good as unknown.</param>
/// <param name="heartbeat">What has to come before anything that was held up; null: nothing.</param>
public sealed class AppendSettler(IEventLog log, TimeProvider time, TimeSpan attemptLimit, HeartbeatGate? heartbeat = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Tries until it is certain.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: the append may still be written.</exception>
    public async Task<Settled> SettleAsync(Append append, CancellationToken ct)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await TryAsync(append, ct) is { } settled) return settled;
            await Task.Delay(pause, time, ct);
        }
    }

    private async Task<Settled?> TryAsync(Append append, CancellationToken ct)
    {
        using var attempt = new CancellationTokenSource(attemptLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, attempt.Token);
        try
        {
            if (heartbeat is not null) await heartbeat.PassAsync(either.Token);
            return await SendAsync(append, either.Token) switch
            {
                AppendResult.Appended(var head) => new Settled.Appended(head),
                AppendResult.Deleted => new Settled.Gone(),
                AppendResult.Conflict => await WhoseAsync(append, either.Token),
                _ => null,
            };
        }
        catch (StreamGoneException)
        {
            return new Settled.Gone();
        }
        catch (LogUnavailableException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;                                                         // the attempt's own limit
        }
    }

    private async Task<AppendResult> SendAsync(Append append, CancellationToken ct)
    {
        var known = false;
        try
        {
            var result = await log.AppendAsync(append, ct);
            known = result is not AppendResult.Unknown;
            return result;
        }
        finally
        {
            if (!known) heartbeat?.Doubt();
        }
    }

    /// <summary>Null: nothing stands there yet, so nobody has won.</summary>
    private async Task<Settled?> WhoseAsync(Append append, CancellationToken ct)
    {
        RecordedEvent? last = null;
        var read = 0;
        await foreach (var recorded in log.ReadAsync(append.Stream, append.Expected.Revision, ReadFrom.Leader, ct))
        {
            if (read == 0 && recorded.Id != append.Id.EventAt(0)) return new Settled.Overtaken(recorded);
            last = recorded;
            if (++read == append.Events.Count) return new Settled.Appended(last.Head);
        }

        return last is null
            ? null
            : throw new LogDamagedException(append.Stream.Value, last.Revision.Value, "only a part of an atomic append is there.");
    }
}

/// <summary>How an append ended for certain.</summary>
public abstract record Settled
{
    private Settled() { }

    public sealed record Appended(StreamHead Head) : Settled;

    /// <param name="By">The event that stands where the append expected to write its first.</param>
    public sealed record Overtaken(RecordedEvent By) : Settled;

    public sealed record Gone : Settled;
}
