using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <remarks>Jobs over many streams: one event stream of what was asked for, and one for each job, whose last event says
/// how far it has come. Appends are tried once.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>How long a job is known after its last sign of life.</summary>
    private static readonly TimeSpan JobsKept = TimeSpan.FromDays(90);

    private const string AProgress = "a job's progress";

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
        await foreach (var stored in ReadStoredAsync(prefix.Jobs, from.Value, PageEvents, onGone: static () => { }, ct))
        {
            if (Job(stored) is { } job) yield return job;
        }
    }

    /// <summary>How far a job has come, from the leader; null where that is not known.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<RecordedProgress?> ReadProgressAsync(string job, CancellationToken ct) =>
        await ReadLastAsync<ServiceEvent.JobProgressed>(prefix.Job(job), AProgress, ct) is var (last, progress)
            ? new RecordedProgress(Revision.From(last.Revision), last.Id, progress)
            : null;

    /// <summary>One writer at a time: one that lost means that another process does the job.</summary>
    public Task<AppendOutcome> AppendProgressAsync(
        ServiceEvent.JobProgressed progress, Revision expected, AppendId id, CancellationToken ct) =>
        AppendNextAsync(
            prefix.Job(progress.Job), progress, AProgress, ByNode(progress.Holder) with { Actor = progress.By }, expected, id, isHeartbeat: false, ct);

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
