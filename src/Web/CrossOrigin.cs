namespace EventSourcedStreams.Web;

internal static class CrossOrigin
{
    private static readonly string[] Exposed = ["Accept-Ranges", "Content-Range", "ETag", "Link", "Location", "Retry-After", "X-Stream-Id"];

    /// <summary>Off unless <c>Cors:Origins</c> names browsers' origins; a list, or one text with commas.</summary>
    public static void AddCorsFrom(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Cors:Origins");
        var unknown = configuration.GetSection("Cors").GetChildren().FirstOrDefault(
            child => !child.Key.Equals("Origins", StringComparison.OrdinalIgnoreCase));
        if (unknown is not null) throw new InvalidOperationException($"{unknown.Path}: there is no such key; in Cors there is Origins.");
        var origins = section.Get<string[]>()
            ?? section.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? [];
        foreach (var origin in origins.Where(origin => origin != "*" && !IsOrigin(origin)))
            throw new InvalidOperationException($"Cors:Origins: '{origin}' is not an origin, as 'https://app.example.com'.");
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            if (origins.Length == 0) return;
            policy.WithOrigins(origins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromHours(1));
        }));
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;
}
