using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <remarks>Jobs over many streams: one event stream of what was asked for, and one for each job, whose last event says
/// how far it has come. Appends are tried once.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>How long a job is known after its last sign of life.</summary>
    private static readonly TimeSpan JobsKept = TimeSpan.FromDays(90);

    private bool jobsBounded;

    /// <summary>Any node asks, at any revision.</summary>
    public async Task<AppendOutcome> AppendJobAsync(
        ServiceEvent.JobRequested request, EventContext context, AppendId id, CancellationToken ct) =>
        await AttemptServiceAsync(
            token => AppendServiceAsync(prefix.Jobs, ExpectedRevision.Any, request, context, id, token), ct);

    /// <summary>Bounds how long jobs are known; once in a process.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task LimitJobsAsync(CancellationToken ct)
    {
        if (jobsBounded) return;
        await store.SetLimitsAsync(prefix.Jobs, new StreamLimits(MaxCount: null, MaxAge: JobsKept), ct);
        jobsBounded = true;
    }

    /// <summary>The jobs that were asked for from a revision on, from the leader, in order.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async IAsyncEnumerable<RecordedJob> ReadJobsAsync(Revision from, [EnumeratorCancellation] CancellationToken ct)
    {
        var next = from.Value;
        while (await ReadAsync(prefix.Jobs, next, forward: true, PageEvents, ReadFrom.Leader, ct) is StoreRead.Page page)
        {
            foreach (var stored in page.Events)
            {
                next = stored.Revision + 1;
                if (Job(stored) is { } job) yield return job;
            }

            if (page.AtEnd || page.Events.Count == 0) yield break;
        }
    }

    /// <summary>How far a job has come, from the leader; null where that is not known.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<RecordedProgress?> ReadProgressAsync(string job, CancellationToken ct) =>
        await ReadLastAsync<ServiceEvent.JobProgressed>(prefix.Job(job), "a job's progress", ct) is var (last, progress)
            ? new RecordedProgress(Revision.From(last.Revision), last.Id, progress)
            : null;

    /// <summary>One writer at a time: one that lost means that another process does the job.</summary>
    public async Task<AppendOutcome> AppendProgressAsync(
        ServiceEvent.JobProgressed progress, Revision expected, AppendId id, CancellationToken ct)
    {
        var stream = prefix.Job(progress.Job);
        var context = ByNode(progress.Holder) with { Actor = progress.By };
        var outcome = await AttemptServiceAsync(
            token => AppendServiceAsync(stream, ExpectedRevision.Exactly(expected), progress, context, id, token), ct);
        return await ExplainAsync<ServiceEvent.JobProgressed>(outcome, stream, "a job's progress", expected, id, ct);
    }

    /// <summary>Only the last word on a job is kept, and that not for ever.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public Task LimitJobAsync(string job, CancellationToken ct) =>
        store.SetLimitsAsync(prefix.Job(job), new StreamLimits(MaxCount: 1, MaxAge: JobsKept), ct);

    private static RecordedJob? Job(StoredEvent stored)
    {
        try
        {
            var (@event, context) = ServiceCodec.Decode(stored);
            return @event is ServiceEvent.JobRequested request
                ? new RecordedJob(Revision.From(stored.Revision), stored.Position, stored.Id, request, context)
                : null;
        }
        catch (LogDamagedException)
        {
            return null; // the audit tool tells of it; other jobs go on
        }
    }
}
