using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Ready while the event log takes this node's writes: its heartbeat, every 2 s, is the proof.</summary>
internal sealed class EventLogHealthCheck(EngineAccess access) : IHealthCheck
{
    public const string Name = "event-log";
    public const string ReadyTag = "ready";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult(access.Current.Trouble is { } trouble
                ? HealthCheckResult.Unhealthy(trouble)
                : HealthCheckResult.Healthy("The event log takes writes."));
        }
        catch (LogUnavailableException e)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(e.Message));
        }
    }
}
