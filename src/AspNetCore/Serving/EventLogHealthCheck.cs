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
            var engine = access.Current;
            var problem = engine.Drivers.IsStopping ? "The server is stopping." : engine.Problem;
            return Task.FromResult(problem is null
                ? HealthCheckResult.Healthy("The event log takes writes.")
                : HealthCheckResult.Unhealthy(problem));
        }
        catch (LogUnavailableException e)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(e.Message));
        }
    }
}
