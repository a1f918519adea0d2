namespace EventSourcedStreams.Domain;

/// <summary>
/// What is noted of jobs in the log, and with it the lease to do one: the run that noted a job's progress last holds it
/// until that run is dead. Each note is appended at the revision of the one before, so a run that has lost a job learns
/// of it with its next.
/// </summary>
internal sealed class JobNotes(StreamLog log, Func<AppendId> nextAppendId)
{
    /// <summary>Asks for a job; it is there once this returns.</summary>
    /// <returns>Where in the log it stands.</returns>
    /// <exception cref="LogDamagedException">It cannot be kept.</exception>
    public async Task<LogPosition> RequestAsync(ServiceEvent.JobRequested request, EventContext context, CancellationToken ct)
    {
        await log.LimitJobsAsync(ct);
        var (id, trouble) = (nextAppendId(), "A job cannot be asked for");
        var asked = await log.UntilCertainAsync(() => log.AppendJobAsync(request, context, id, ct), request.Job, trouble, ct);
        return asked?.Position ?? throw new LogDamagedException(request.Job, null, $"{trouble}: it lost at any revision.");
    }

    /// <summary>Notes how far a job is.</summary>
    /// <param name="head">The revision of the note before.</param>
    /// <returns>This note's revision; null: another run was first.</returns>
    public async Task<Revision?> NoteAsync(ServiceEvent.JobProgressed progress, Revision head, CancellationToken ct)
    {
        var id = nextAppendId();
        var noted = await log.UntilCertainAsync(
            () => log.AppendProgressAsync(progress, head, id, ct), progress.Job, "A job's progress cannot be kept", ct);
        return noted?.Head.Revision;
    }
}
