namespace EventSourcedStreams.Domain;

/// <summary>A job that this run does, and how far it is. One caller at a time.</summary>
internal sealed class JobLease(JobNotes notes, ServiceEvent.JobProgressed progress, Revision head, TimeProvider time)
{
    /// <summary>While a job goes on faster than this, its steps share a note.</summary>
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(1);

    private Revision head = head;
    private long notedAt = time.GetTimestamp();

    /// <summary>As it was noted last.</summary>
    public ServiceEvent.JobProgressed Noted { get; private set; } = progress;

    /// <summary>Whether it is time for another note.</summary>
    public bool IsDue => time.GetElapsedTime(notedAt) >= NoteInterval;

    /// <returns>False: another run does the job now.</returns>
    public async Task<bool> NoteAsync(ServiceEvent.JobProgressed progress, CancellationToken ct)
    {
        var now = progress with { At = time.GetUtcNow() };
        if (await notes.NoteAsync(now, head, ct) is not { } revision) return false;
        (head, Noted, notedAt) = (revision, now, time.GetTimestamp());
        return true;
    }
}
