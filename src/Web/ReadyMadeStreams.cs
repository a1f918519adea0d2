using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

internal static class ReadyMadeStreams
{
    /// <summary>All that there is, open to clients, and configured at the root: nothing else is in this
    /// process.</summary>
    public static TextStreamsBuilder AddReadyMadeStreams(this IServiceCollection services, IConfiguration root)
    {
        services.AddSingleton<AspNetCore.IEmbeddedLogServer, ServedEmbeddedLog>();
        return services.AddTextStreamsAtRoot(root).AddUpload().AddDemo().AddOpenAI(clients: true).UseEventStoreDbIfNamed();
    }

    /// <summary>All that the host is made of.</summary>
    public static TextStreamsBuilder AddReadyMadeHost(this WebApplicationBuilder builder)
    {
        var streams = builder.Services.AddReadyMadeStreams(builder.Configuration);
        builder.Services.AddProblemDetails();
        builder.Services.AddHostProblems();
        builder.Services.AddApiDescription();
        builder.Services.AddCorsForOrigins();
        builder.Services.AddHostFilter();
        builder.AddHostAccess();
        builder.AddHostLimits();
        builder.Services.AddSingleton<IFollowAdmission, FollowAdmission>();
        builder.Services.AddHostedService(_ => new MemoryReturn(TimeProvider.System));
        builder.AddHostTelemetry();
        return streams;
    }

    /// <summary>All that the host serves, in the order in which a request meets it.</summary>
    public static void UseReadyMadeHost(this WebApplication app)
    {
        app.UseNoSniffing();
        app.UseHostProblems();
        app.UseHostFilter();
        app.UseExceptionHandler();
        app.UseForwardedRefusal();
        app.UseCors();
        app.UseDemoPage();
        app.UseDocsPage();
        app.MapApiDescription();
        app.UseHostAccess();
        app.UseHostLimits();
        var streams = app.MapTextStreams();
        app.MapTextStreamJobs(streams);
        app.MapStreamTokens(streams);
        app.MapHealth();
        app.MapMetrics();
    }
}
