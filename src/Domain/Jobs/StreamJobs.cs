using System.Collections.Concurrent;
using System.Threading.Channels;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Jobs over all streams with certain labels: asked for on any node, done by one of them, and by another where that
/// one dies. What is known of a job stands in the log.
/// </summary>
internal sealed class StreamJobs
{
    /// <summary>How long a caller waits until its job is in the log.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    /// <summary>How often it is looked for jobs that another node has left.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly StreamLog log;
    private readonly JobNotes notes;
    private readonly NodeWatch watch;
    private readonly NodeRun self;
    private readonly Func<Guid> newId;
    private readonly Func<JobLease, CancellationToken, Task> deleteAsync;
    private readonly TimeProvider time;
    private readonly Action<string, Exception> onFault;
    private readonly Channel<bool> look = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, RecordedJob> open = new(StringComparer.Ordinal);

    /// <summary>Jobs that are being asked for here: their first note, which has their number of streams, is on its
    /// way.</summary>
    private readonly ConcurrentDictionary<string, bool> beginning = new(StringComparer.Ordinal);

    /// <summary>Only the loop puts in and takes out; what has stopped is taken out with its next look.</summary>
    private readonly ConcurrentDictionary<string, Task> running = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, string> elsewhere = new(StringComparer.Ordinal);
    private Revision next = Revision.From(0);

    /// <param name="deleteAsync">Does a deletion, as far as its lease lasts.</param>
    /// <param name="onFault">Told of what keeps a job from going on, each time.</param>
    public StreamJobs(
        StreamLog log,
        JobNotes notes,
        NodeWatch watch,
        NodeRun self,
        Func<Guid> newId,
        Func<JobLease, CancellationToken, Task> deleteAsync,
        TimeProvider time,
        Action<string, Exception> onFault) =>
        (this.log, this.notes, this.watch, this.self, this.newId, this.deleteAsync, this.time, this.onFault) =
        (log, notes, watch, self, newId, deleteAsync, time, onFault);

    /// <summary>The nodes that do jobs that this one waits for.</summary>
    public IEnumerable<string> OtherNodes => elsewhere.Values;

    /// <summary>How many jobs are looked after here.</summary>
    public int Running => running.Count;

    /// <summary>Asks for a job; it goes on by itself from here, whatever becomes of the caller or this node.</summary>
    /// <param name="total">How many streams it concerns, as far as is known.</param>
    /// <exception cref="LogUnavailableException">Whether the log has it is not certain in time.</exception>
    public async Task<RecordedProgress> BeginAsync(JobKind kind, Labels labels, Names with, Caller caller, long total, CancellationToken ct)
    {
        var job = newId().ToString("N");
        beginning[job] = true;
        try
        {
            return await TimeLimit.WithinAsync(RequestLimit, time, token => RequestAsync(job, kind, labels, with, caller, total, token), ct);
        }
        finally
        {
            beginning.TryRemove(job, out _);
            Look();
        }
    }

    /// <summary>How far a job has come; null: there is none of this id, or not any more.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public Task<RecordedProgress?> FindAsync(string job, CancellationToken ct) => log.ReadProgressAsync(job, ct);

    /// <summary>For a job that its asker does, as an export: to note how far it is.</summary>
    public JobLease Resume(RecordedProgress last) => new(notes, last.Progress with { Holder = self }, last.Revision, time);

    /// <summary>A job was asked for somewhere.</summary>
    public void Look() => look.Writer.TryWrite(true);

    /// <summary>Does what there is to be done, until it is cancelled and all jobs that run here have stopped.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await TakeUpAsync(ct);
                var pause = elsewhere.IsEmpty ? Interval : NodeWatch.Interval;
                await TimeLimit.PauseAsync(pause, time, over => look.Reader.WaitToReadAsync(over).AsTask(), ct);
                look.Reader.TryRead(out _);
            }
        }
        finally
        {
            await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<RecordedProgress> RequestAsync(
        string job, JobKind kind, Labels labels, Names with, Caller caller, long total, CancellationToken ct)
    {
        var request = new ServiceEvent.JobRequested(job, kind, labels, with) { At = time.GetUtcNow() };
        var context = new EventContext(self, Epoch: 0, caller.Actor, caller.CorrelationId);
        var place = await notes.RequestAsync(request, context, ct);
        var first = First(request, caller.Actor, place) with { Total = total };
        await log.LimitJobAsync(job, ct);
        if (await notes.NoteAsync(first, Revision.None, ct) is { } revision) return new RecordedProgress(revision, default, first);
        return await log.ReadProgressAsync(job, ct) ?? throw new LogUnavailableException("The job cannot be read yet.");
    }

    private async Task TakeUpAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var job in log.ReadJobsAsync(next, ct))
            {
                if (job.Request.Kind is JobKind.Delete) open.TryAdd(job.Request.Job, job);
                next = job.Revision.Next;
            }
        }
        catch (LogUnavailableException)
        {
            return;                                                              // the log's own health says so
        }

        foreach (var (id, task) in running)
            if (task.IsCompleted) running.TryRemove(id, out _);
        foreach (var (id, job) in open)
            if (!beginning.ContainsKey(id) && !running.ContainsKey(id)) running[id] = RunAsync(job, ct);
    }

    /// <summary>A job that cannot go on now stays open, and is taken up again.</summary>
    private async Task RunAsync(RecordedJob job, CancellationToken ct)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (await AcquireAsync(job, ct) is { } lease) await deleteAsync(lease, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            if (e is not LogUnavailableException) onFault(job.Request.Job, e);
        }
    }

    /// <returns>Null: there is nothing to be done, or another run does it.</returns>
    private async Task<JobLease?> AcquireAsync(RecordedJob job, CancellationToken ct)
    {
        var id = job.Request.Job;
        var last = await log.ReadProgressAsync(id, ct);
        if (last is { Progress.Ended: true })
        {
            open.TryRemove(id, out _);
            elsewhere.TryRemove(id, out _);
            return null;
        }

        if (last is { Progress.Holder: var holder } && holder != self && !await watch.IsDeadAsync(holder, ct))
        {
            elsewhere[id] = holder.Node;
            return null;
        }

        elsewhere.TryRemove(id, out _);
        if (last is null) await log.LimitJobAsync(id, ct);
        var mine = (last?.Progress ?? First(job.Request, job.Context.Actor, job.Position)) with { Holder = self, At = time.GetUtcNow() };
        return await notes.NoteAsync(mine, last?.Revision ?? Revision.None, ct) is { } head ? new JobLease(notes, mine, head, time) : null;
    }

    private ServiceEvent.JobProgressed First(ServiceEvent.JobRequested request, string by, LogPosition place) => new(
        request.Job, request.Kind, request.Labels, request.With, by, request.At, place, self, Total: 0, Done: 0, Failed: 0, Names.None, Bytes: null, Ended: false)
    { At = time.GetUtcNow() };
}
