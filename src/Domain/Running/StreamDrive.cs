using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>One drive of a stream: its claim, its source's run, and beside that the loop that appends, until both are
/// over.</summary>
/// <param name="onUsageLeftOut">Told of the stream, the source, and why the usage that it gave is not kept.</param>
internal sealed class StreamDrive(
    StreamRunner live,
    ITextSource source,
    SourceRequest request,
    DriveTelemetry told,
    TimeProvider time,
    Action<StreamId, Exception> onFault,
    Action<StreamId, string, string> onUsageLeftOut)
{
    private readonly TaskCompletionSource<AppendOutcome?> claimed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamId Id => live.Id;

    public StreamRunner Live => live;

    /// <summary>The ending is settled; the source may still be on its way out.</summary>
    public Task Ended => ended.Task;

    /// <summary>The source has returned, too.</summary>
    public Task Finished => finished.Task;

    /// <summary>Its driver waits for the claim. Leaving, or waiting for too long, ends the waiting: nothing is kept for
    /// the driver then, and its body is not read any more.</summary>
    /// <returns>Null: it is not known, or there will be no claim.</returns>
    public async Task<AppendOutcome?> ClaimedAsync(ClientQueue output, TimeSpan limit, CancellationToken ct)
    {
        try
        {
            return await claimed.Task.WaitAsync(limit, time, ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (!claimed.TrySetResult(null)) return await claimed.Task;          // it came in the same moment
            output.Drop();
            if (e is TimeoutException) return null;
            throw;
        }
    }

    /// <param name="among">Where it was taken in; it leaves them at its end.</param>
    /// <param name="lifetime">The process gives up: what is not durable then is lost.</param>
    public async Task RunAsync(Start start, DrivenStreams among, CancellationToken lifetime)
    {
        using var span = told.Start();
        try
        {
            // The stop has come before the claim went out.
            if (among.IsStopping)
            {
                claimed.TrySetResult(null);
                return;
            }

            var claim = await live.ClaimAsync(start, lifetime);
            var hasDriver = claimed.TrySetResult(claim);
            if (claim is not AppendOutcome.Appended) return;
            told.Claimed();
            if (!hasDriver && request.Body is not null) BodyHasGone();

            // An ending that came while the claim was open: the stop of the server, or an outage that was too long.
            var running = live.IsEnding ? Task.CompletedTask : RunSourceAsync();
            try
            {
                await live.PersistAsync(lifetime);
            }
            finally
            {
                live.Abandon();
                live.StopSource();
                ended.TrySetResult();
                await running;
            }
        }
        catch (Exception e)
        {
            claimed.TrySetResult(null);
            live.GiveUp(e);
            if (!lifetime.IsCancellationRequested) onFault(live.Id, e);
        }
        finally
        {
            among.Remove(this);
            live.Dispose();
            told.Over();
            ended.TrySetResult();
            finished.TrySetResult();
        }
    }

    /// <summary>Its request is over, and may be the server's next one by now.</summary>
    private void BodyHasGone() => live.End(new Fail("upload-interrupted", "The request was over before its stream was claimed: nothing of it was read.")
    {
        At = time.GetUtcNow(),
    });

    private async Task RunSourceAsync()
    {
        var call = told.StartSource();
        await Task.Yield(); // a source that never awaits must not hold up the loop
        try
        {
            var result = await source.RunAsync(request, live, live.SourceStopped);
            var fault = KeptJson.UsageFault(result.Usage);
            if (fault is not null) onUsageLeftOut(live.Id, source.Name, fault);
            call.Completed(result.FinishReason, result.Usage);                   // its tokens are counted all the same
            live.End(new Complete(result.FinishReason, fault is null ? result.Usage : null) { At = time.GetUtcNow() });
        }
        catch (OperationCanceledException) when (live.SourceStopped.IsCancellationRequested)
        {
            // It stopped because the stream has its ending.
            call.Failed("stopped");
        }
        catch (SourceFailedException e)
        {
            call.Failed(e.Code);
            live.End(new Fail(e.Code, e.Message) { At = time.GetUtcNow() });
        }
        catch (Exception e)
        {
            call.Failed(e.GetType().Name);
            if (live.IsEnding) return;
            onFault(live.Id, e);
            live.End(new Fail("source-failed", $"The source failed ({e.GetType().Name}).") { At = time.GetUtcNow() });
        }
    }
}
