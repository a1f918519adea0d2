using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Degraded while a handler of endings fails: streams are served all the same.</summary>
internal sealed class EndedHandlersHealthCheck(EngineAccess access) : IHealthCheck
{
    public const string Name = "ended-handlers";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult(access.Current.HandlerProblem is { } problem
                ? HealthCheckResult.Degraded(problem)
                : HealthCheckResult.Healthy("What ends is handed on."));
        }
        catch (LogUnavailableException)
        {
            return Task.FromResult(HealthCheckResult.Healthy("Nothing ends here yet.")); // the log's own check says why
        }
    }
}
