using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How far an export is, noted in its job. A client that goes on from further back changes nothing of
/// it.</summary>
internal sealed class ExportProgress(StreamJobs jobs, RecordedProgress job)
{
    private readonly ServiceEvent.JobProgressed before = job.Progress;
    private JobLease? lease = jobs.Resume(job);
    private long done;
    private long leftOut;

    /// <summary>A stream that is listed is not exported.</summary>
    public void LeftOut() => leftOut++;

    /// <summary>A stream has been handed over whole.</summary>
    /// <param name="bytes">From the export's beginning.</param>
    /// <exception cref="RefusedException">Where it was noted before, other bytes stood.</exception>
    public async Task WholeAsync(StreamId stream, long bytes, CancellationToken ct)
    {
        done++;
        if (done == before.Done && before.Bytes is { } noted && noted != bytes && !before.Ended) throw new RefusedException(Refusals.ExportChanged());
        if (lease is { IsDue: true }) await NoteAsync(Now(bytes), ct);
    }

    public Task EndedAsync(long bytes, CancellationToken ct) =>
        NoteAsync(Now(bytes) with { Total = done, Failed = 0, Failures = Names.None, Ended = true }, ct);

    public Task FailedAsync(LogDamagedException e, CancellationToken ct) => lease is null
        ? Task.CompletedTask
        : NoteAsync(lease.Noted with { Failed = 1, Failures = Names.From([$"{(e.ForeignType is null ? "log-damaged" : StreamFailure.ForeignEvent)} {e.Stream}"]) }, ct);

    private ServiceEvent.JobProgressed Now(long bytes) => lease!.Noted with { Total = Math.Max(done, before.Total - leftOut), Done = done, Bytes = bytes };

    /// <summary>Where another client of the same export is further, it is the one that is noted.</summary>
    private async Task NoteAsync(ServiceEvent.JobProgressed now, CancellationToken ct)
    {
        if (lease is null || lease.Noted.Ended || (now.Done < lease.Noted.Done && now.Failed == 0)) return;
        if (await lease.NoteAsync(now, ct)) return;
        var last = await jobs.FindAsync(now.Job, ct);
        lease = last is null ? null : jobs.Resume(last);
    }
}
