using System.Threading.RateLimiting;
using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.RateLimiting;

namespace EventSourcedStreams.Web;

/// <summary>Quotas of the ready-made host, by the framework's rate limiter.</summary>
internal static class HostLimits
{
    private const string Followers = "followers";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <exception cref="InvalidOperationException">A key of the section <c>Limits</c> is misspelt.</exception>
    public static void AddHostLimits(this WebApplicationBuilder builder)
    {
        _ = LimitsSection.Read(builder.Configuration); // an error in it is told before anything is started
        builder.Services.AddSingleton<CurrentLimits>();
        builder.Services.AddTransient(provider => SizesOf(provider.GetRequiredService<CurrentLimits>().Current));
        builder.Services.AddSingleton<TextUsage>();
        builder.Services.AddSingleton<DriveQuotas>();
        builder.Services.AddSingleton<LimitedDrive>(provider => provider.GetRequiredService<DriveQuotas>().DriveAsync);
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<CurrentLimits>((options, limits) =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                [.. Enumerable.Range(0, 3).Select(holder => PartitionedRateLimiter.Create<HttpContext, string>(http => PartitionOf(http, limits.Current, holder)))]);
            options.OnRejected = (rejected, _) => new ValueTask(TooMany(
                WaitOf(rejected.Lease), WhatOf(rejected.HttpContext)).ExecuteAsync(rejected.HttpContext));
        });
    }

    /// <summary>Behind what knows the callers. Without quotas nothing stands on a request's way.</summary>
    public static void UseHostLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<CurrentLimits>();
        app.UseWhen(_ => limits.Current.CreationsPerMinute.IsSet() || limits.Current.Followers.IsSet(), limited => limited.UseRateLimiter());
    }

    public static Refusal TooMany(TimeSpan wait, string what) =>
        new(StatusCodes.Status429TooManyRequests, "too-many-requests", "A quota is used up.", $"There are too many {what} for this caller, its tenant or the server. Try again later.")
        { RetryAfterSeconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds)) };

    public static Refusal TooManyFollowers(RateLimitLease lease) => TooMany(WaitOf(lease), Followers);

    private static TimeSpan WaitOf(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Soon;

    private static RequestSizes SizesOf(LimitsSection limits) => new() { BodyBytes = limits.BodyBytes, UploadBytes = limits.UploadBytes };

    /// <param name="holder">0: the caller, 1: its tenant, 2: all.</param>
    private static RateLimitPartition<string> PartitionOf(HttpContext http, LimitsSection limits, int holder)
    {
        switch (OperationOf(http))
        {
            case "create" when QuotaHolder.Of(http, limits.CreationsPerMinute)[holder] is { Most: { } most } creator:
                return RateLimitPartition.GetFixedWindowLimiter($"create {creator.Name} of {most}", _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = (int)Math.Min(most, int.MaxValue),
                    Window = Minute,
                    QueueLimit = 0,
                });
            case "events" when QuotaHolder.Of(http, limits.Followers)[holder] is { Most: { } most } follower:
                return RateLimitPartition.GetConcurrencyLimiter($"events {follower.Name} of {most}", _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = (int)Math.Min(most, int.MaxValue),
                    QueueLimit = 0,
                });
            default:
                return RateLimitPartition.GetNoLimiter("");
        }
    }

    private static string? OperationOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<EndpointRight>()?.Operation;

    private static string WhatOf(HttpContext http) => OperationOf(http) == "create" ? "new streams in this minute" : Followers;
}
