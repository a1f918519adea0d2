namespace EventSourcedStreams.Domain;

/// <summary>
/// What is noted of jobs in the log, and with it the lease to do one: the run that noted a job's progress last holds it
/// until that run is dead. Each note is appended at the revision of the one before, so a run that has lost a job learns
/// of it with its next.
/// </summary>
internal sealed class JobNotes(StreamLog log, Func<AppendId> nextAppendId, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks for a job; it is there once this returns.</summary>
    /// <returns>Where in the log it stands.</returns>
    /// <exception cref="LogDamagedException">It cannot be kept.</exception>
    public async Task<LogPosition> RequestAsync(ServiceEvent.JobRequested request, EventContext context, CancellationToken ct)
    {
        await log.LimitJobsAsync(ct);
        for (var id = nextAppendId(); ; await Task.Delay(Pause, time, ct))
        {
            switch (await log.AppendJobAsync(request, context, id, ct))
            {
                case AppendOutcome.Appended appended:
                    return appended.Position;
                case AppendOutcome.Unknown:
                    break;                                                       // the very same again: twice there is once
                case var other:
                    throw new LogDamagedException(request.Job, null, $"A job cannot be asked for: {other}.");
            }
        }
    }

    /// <summary>Notes how far a job is.</summary>
    /// <param name="head">The revision of the note before.</param>
    /// <returns>This note's revision; null: another run was first.</returns>
    public async Task<Revision?> NoteAsync(ServiceEvent.JobProgressed progress, Revision head, CancellationToken ct)
    {
        for (var id = nextAppendId(); ; await Task.Delay(Pause, time, ct))
        {
            switch (await log.AppendProgressAsync(progress, head, id, ct))
            {
                case AppendOutcome.Appended appended:
                    return Revision.From(appended.Last);
                case AppendOutcome.Unknown:
                    break;                                                       // only the very same again finds out
                case AppendOutcome.Lost:
                    var last = await log.ReadProgressAsync(progress.Job, ct);
                    if (last?.Id == id.EventAt(0)) return last.Revision;
                    if (last is not null && last.Revision > head) return null;
                    break;                                                       // what answered lags
                case var other:
                    throw new LogDamagedException(progress.Job, null, $"A job's progress cannot be kept: {other}.");
            }
        }
    }
}
