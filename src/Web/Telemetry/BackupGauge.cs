using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Web;

/// <summary>Tells when the newest file in <c>Telemetry:BackupFolder</c> was written: what makes backups is no part of
/// this program, so their age is all that it can see.</summary>
internal sealed class BackupGauge(TelemetrySection settings, StreamMetrics metrics) : IHostedService
{
    private IDisposable? feed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        feed = metrics.BackupTime.Feed(() => NewestIn(settings.BackupFolder!));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        feed?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>In seconds since 1970; 0 where there is no backup, which is too old whatever is asked for.</summary>
    private static double NewestIn(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Length > 0)
                .Select(file => (file.LastWriteTimeUtc - DateTime.UnixEpoch).TotalSeconds).DefaultIfEmpty(0).Max();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
