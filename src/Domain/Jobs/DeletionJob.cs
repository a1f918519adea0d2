using System.Collections.Concurrent;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Deletes all streams with certain labels: those that had been created before it was asked for, and those that come
/// while it runs, until it finds none. Each goes as one stream is deleted. What is damaged so that it cannot go is
/// counted and named.
/// </summary>
/// <param name="listAsync">A page of the list of streams.</param>
/// <param name="reachedAsync">Completes when the list has taken in all that stands before a place in the log.</param>
/// <param name="onFault">Told of each stream that could not be deleted, and why.</param>
internal sealed class DeletionJob(
    Func<CatalogQuery, CancellationToken, Task<CatalogPage>> listAsync,
    Func<LogPosition, CancellationToken, Task> reachedAsync,
    StreamEndings endings,
    TimeProvider time,
    Action<StreamId, Exception> onFault)
{
    /// <summary>Streams in a page, and so between two notes.</summary>
    private const int PageStreams = 32;

    /// <summary>Streams at one time: most of the time each waits for the log.</summary>
    private const int AtOnce = 8;

    /// <summary>Failures that are named; the rest is counted.</summary>
    private const int MostNamed = 100;

    /// <summary>Before the list is looked at again that still has what is gone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Before what the log did not confirm is tried again.</summary>
    private static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(2);

    /// <summary>Returns when all is done, or another run does the job.</summary>
    /// <exception cref="LogUnavailableException">It can go on later.</exception>
    public async Task RunAsync(JobLease lease, CancellationToken ct)
    {
        await reachedAsync(lease.Noted.AsOf, ct);
        var tally = new Tally(lease.Noted);
        while (true)
        {
            var (seen, away) = (false, false);
            string? cursor = null;
            do
            {
                var page = await listAsync(Query(lease.Noted.Labels, cursor), ct);
                if (page.Total is { } listed) tally.Listed(listed);

                // How many there are has to be known before the first is gone: the next run counts from it.
                if (tally.Total > lease.Noted.Total && !await lease.NoteAsync(tally.On(lease.Noted), ct)) return;
                var fresh = page.Items.Where(stream => !tally.HasFailed(stream.Id)).ToArray();
                seen |= fresh.Length > 0;
                await Parallel.ForEachAsync(
                    fresh,
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                    async (stream, token) =>
                    {
                        if (!await DeleteAsync(stream.Id, lease.Noted, tally, token)) away = true;
                    });
                if (lease.IsDue && !await lease.NoteAsync(tally.On(lease.Noted), ct)) return;
                cursor = page.NextCursor;
            }
            while (cursor is not null);

            if (!seen) break;
            await Task.Delay(away ? AwayPause : Pause, time, ct);
        }

        await lease.NoteAsync(tally.AtEnd(lease.Noted), ct);
    }

    private static CatalogQuery Query(Labels labels, string? cursor) =>
        CatalogQuery.Of(labels, cursor, PageStreams) with { WithTotal = cursor is null };

    /// <returns>False: the log has not confirmed it, so it is tried again.</returns>
    private async Task<bool> DeleteAsync(StreamId stream, ServiceEvent.JobProgressed job, Tally tally, CancellationToken ct)
    {
        try
        {
            // One that was gone already is counted when the list knows that, too.
            if (await endings.DeleteAsync(stream, reason: null, new Caller(job.By, job.Job), ct) is not EndResult.Deleted) tally.Gone();
            return true;
        }
        catch (LogUnavailableException)
        {
            return false;
        }
        catch (LogDamagedException e)
        {
            tally.Failed(stream, e.ForeignType is null ? "log-damaged" : StreamFailure.ForeignEvent);
            onFault(stream, e);
            return true;
        }
    }

    /// <summary>Counts, for several deletions at once.</summary>
    private sealed class Tally(ServiceEvent.JobProgressed noted)
    {
        private readonly Lock gate = new();
        private readonly ConcurrentDictionary<StreamId, string> failed = new();
        private long total = noted.Total;
        private long done = noted.Done;

        public long Total
        {
            get { lock (gate) return total; }
        }

        public bool HasFailed(StreamId stream) => failed.ContainsKey(stream);

        /// <summary>So many are still there. What was deleted before and not noted, by this job or another, is through,
        /// too.</summary>
        public void Listed(long there)
        {
            lock (gate)
            {
                total = Math.Max(total, there);
                done = Math.Max(done, total - there);
            }
        }

        public void Gone()
        {
            lock (gate) done++;
        }

        public void Failed(StreamId stream, string why) => failed[stream] = why;

        public ServiceEvent.JobProgressed On(ServiceEvent.JobProgressed before)
        {
            lock (gate)
            {
                return before with
                {
                    Total = total = Math.Max(total, done + failed.Count),
                    Done = done,
                    Failed = failed.Count,
                    Failures = Names.From(failed.Take(MostNamed).Select(each => $"{each.Value} {each.Key}")),
                };
            }
        }

        /// <summary>Nothing is there any more but what has failed.</summary>
        public ServiceEvent.JobProgressed AtEnd(ServiceEvent.JobProgressed before)
        {
            var last = On(before);
            return last with { Done = last.Total - last.Failed, Ended = true };
        }
    }
}
