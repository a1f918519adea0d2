using EventSourcedStreams;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.Web;
using Microsoft.Extensions.Options;

if (args is ["keys", .. var rest]) return KeysCommand.Run(rest, Console.Out, Console.Error);

try
{
    WatchedFiles.PollIfNoneIsLeft(AppContext.BaseDirectory, Console.Out);
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,

        // The settings lie beside the program; the current directory is where the log goes.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.ListenOnLoopbackByDefault();

    // What keeps the server from starting is said below, in one line; the host's own report of it is a stack trace.
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    builder.BoundConnections();
    builder.AddReadyMadeHost();

    var app = builder.Build();
    app.UseReadyMadeHost();
    app.LogFileLimit();
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
