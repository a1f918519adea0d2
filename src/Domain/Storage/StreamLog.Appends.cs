namespace EventSourcedStreams.Domain;

/// <remarks>
/// Appending. While an append's outcome is unknown, exactly the same bytes go out again; a lost one counts only once
/// the event that stands after the expected revision has been read from the leader.
/// </remarks>
internal sealed partial class StreamLog
{
    /// <summary>After how long an attempt at an append without an answer is as good as unknown.</summary>
    internal static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>One atomic batch, tried until it is certain how it ended: never <see cref="AppendOutcome.Unknown"/>.
    /// One that lost says what it has missed.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: the append may still be written.</exception>
    /// <exception cref="LogDamagedException">What stands there instead cannot be right.</exception>
    public async Task<AppendOutcome> AppendAsync(Append append, CancellationToken ct)
    {
        var encoded = StreamCodec.Encode(append);
        links.Add(encoded, append.Expected);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await AttemptAsync(append, encoded, ct) is { } certain) return certain;
            await Task.Delay(pause, time, ct);
        }
    }

    /// <summary>The same, tried once: the outcome as the store says it. What was cancelled is as good as
    /// <see cref="AppendOutcome.Unknown"/>.</summary>
    public Task<AppendOutcome> TryAppendAsync(Append append, CancellationToken ct) => TryAppendAsync(append, StreamCodec.Encode(append), ct);

    private async Task<AppendOutcome> TryAppendAsync(Append append, EncodedAppend encoded, CancellationToken ct)
    {
        var expected = ExpectedRevision.Exactly(append.Expected.Revision);
        var begins = append.Expected.Revision == Revision.None;
        if (begins) await ThrowIfTruncatedAsync(append.Stream, ct);
        var outcome = await SendAsync(prefix.Text(append.Stream), expected, encoded.Events, ct);
        if (outcome is not AppendOutcome.Appended appended) return outcome;
        return begins && appended.Last != encoded.Events.Count - 1
            ? throw TruncatedStream.Found(prefix.Text(append.Stream))
            : appended with { Hash = encoded.Head.Hash };
    }

    /// <returns>Null: not certain yet.</returns>
    private async Task<AppendOutcome?> AttemptAsync(Append append, EncodedAppend encoded, CancellationToken ct)
    {
        using var attempt = new CancellationTokenSource(AttemptLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, attempt.Token);
        try
        {
            await Heartbeat.PassAsync(either.Token);
            var outcome = await TryOrDoubtAsync(append, encoded, either.Token);
            return outcome switch
            {
                AppendOutcome.Lost lost => await ExplainAsync(append, lost, either.Token),
                AppendOutcome.Unknown => null,
                _ => outcome,
            };
        }
        catch (StreamGoneException)
        {
            return new AppendOutcome.Deleted();
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

    private async Task<AppendOutcome> TryOrDoubtAsync(Append append, EncodedAppend encoded, CancellationToken ct)
    {
        var known = false;
        try
        {
            var outcome = await TryAppendAsync(append, encoded, ct);
            known = outcome is not AppendOutcome.Unknown;
            return outcome;
        }
        finally
        {
            if (!known) Heartbeat.Doubt();
        }
    }

    private async Task<AppendOutcome> SendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        try
        {
            return await store.AppendAsync(stream, expected, events, ct);
        }
        catch (LogUnavailableException e)
        {
            return new AppendOutcome.Unknown(e.Message, e);
        }
    }
}
