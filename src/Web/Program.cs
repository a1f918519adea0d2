using EventSourcedStreams;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.Web;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,

        // The settings lie beside the program; the current directory is where the log goes.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.ListenOnLoopbackByDefault();

    // What keeps the server from starting is said below, in one line; the host's own report of it is a stack trace.
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    builder.CutConnectionsAtStop();
    builder.Services.AddReadyMadeStreams(builder.Configuration);
    builder.Services.AddProblemDetails();
    builder.Services.AddHostProblems();
    builder.Services.AddApiDescription();
    builder.Services.AddCorsForOrigins();
    builder.Services.AddHostFilter();
    builder.AddHostTelemetry();

    var app = builder.Build();
    app.UseHostProblems();
    app.UseHostFilter();
    app.UseExceptionHandler();
    app.UseCors();
    app.UseDemoPage();
    app.MapTextStreams();
    app.MapHealth();
    app.MapMetrics();
    app.MapApiDescription();
    app.LogPageAddress();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (
    e is OptionsValidationException or SqliteEventStoreRefusedException or EventStoreDbRefusedException or LogDamagedException
        or InvalidOperationException or ArgumentException or IOException)
{
    await Console.Error.WriteLineAsync(StartWords.Of(e));
    return 1;
}
