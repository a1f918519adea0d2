using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.Web;

internal static class CrossOrigin
{
    private static readonly string[] Exposed = ["Accept-Ranges", "Content-Range", "ETag", "Link", "Location", "Retry-After", "X-Stream-Id"];

    /// <summary>Off unless <c>Cors:Origins</c> names browsers' origins.</summary>
    public static void AddCorsForOrigins(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<TextStreamsOptions>>((cors, streams) => cors.AddDefaultPolicy(policy =>
        {
            if (streams.Value.Cors.Origins is not { Count: > 0 } origins) return;
            policy.WithOrigins([.. origins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromHours(1));
        }));
    }
}
