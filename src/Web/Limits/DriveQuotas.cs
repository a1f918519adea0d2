using System.Threading.RateLimiting;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Web;

/// <summary>
/// How many streams a caller drives at one time, and how much text its drives write in a day. A drive counts until its
/// stream has ended, also where its driver has left before.
/// </summary>
internal sealed class DriveQuotas : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly CurrentLimits limits;
    private readonly TextUsage usage;
    private readonly EngineAccess engine;
    private readonly PartitionedRateLimiter<QuotaHolder> live = PartitionedRateLimiter.Create<QuotaHolder, string>(holder => holder.Most is { } most
        ? RateLimitPartition.GetConcurrencyLimiter($"{holder.Name} of {most}", _ => new ConcurrencyLimiterOptions { PermitLimit = (int)Math.Min(most, int.MaxValue), QueueLimit = 0 })
        : RateLimitPartition.GetNoLimiter(""));

    public DriveQuotas(CurrentLimits limits, TextUsage usage, EngineAccess engine) => (this.limits, this.usage, this.engine) = (limits, usage, engine);

    /// <exception cref="RefusedException">A quota is used up.</exception>
    public async Task<DriveResult> DriveAsync(HttpContext http, StreamId stream, Func<Task<DriveResult>> drive)
    {
        var now = limits.Current;
        if (!now.LiveDrives.IsSet() && !now.TextBytesPerDay.IsSet()) return await drive();
        var writers = QuotaHolder.Of(http, now.TextBytesPerDay);
        if (usage.IsUsedUp(writers)) throw new RefusedException(HostLimits.TooMany(usage.UntilTomorrow, "bytes of text today"));
        var taken = AcquireAll(QuotaHolder.Of(http, now.LiveDrives));
        try
        {
            var result = await drive();
            if (result is not DriveResult.Driving driving) return result;
            _ = CountedAsync(stream, driving, writers, taken);
            taken = [];
            return result;
        }
        finally
        {
            foreach (var lease in taken) lease.Dispose();
        }
    }

    public void Dispose() => live.Dispose();

    /// <exception cref="RefusedException">One of them has no more to give; nothing is taken of the others.</exception>
    private List<RateLimitLease> AcquireAll(IEnumerable<QuotaHolder> drivers)
    {
        var taken = new List<RateLimitLease>();
        foreach (var driver in drivers)
        {
            taken.Add(live.AttemptAcquire(driver));
            if (taken[^1].IsAcquired) continue;
            foreach (var lease in taken) lease.Dispose();
            throw new RefusedException(HostLimits.TooMany(Soon, "streams that are being driven"));
        }

        return taken;
    }

    /// <summary>Owned by the stream's own end, which the engine sees to.</summary>
    private async Task CountedAsync(StreamId stream, DriveResult.Driving driving, QuotaHolder[] writers, List<RateLimitLease> taken)
    {
        await driving.Finished.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var lease in taken) lease.Dispose();
        if (!writers.Any(writer => writer.Most is not null)) return;
        try
        {
            var end = await engine.Current.Log.ReadEndAsync(stream, CancellationToken.None);
            if (StreamState.After(end?.Decisive) is StreamState.Ended ended) usage.Add(writers, ended.Length);
        }
        catch (Exception e) when (e is LogUnavailableException or StreamGoneException or LogDamagedException)
        {
            // What cannot be read is not counted: a quota is no invoice.
        }
    }
}
