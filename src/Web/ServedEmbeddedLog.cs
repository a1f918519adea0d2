using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.Web;

/// <summary><c>Embedded:GrpcPort</c>: the log beside the HTTP API, over EventStoreDB's protocol.</summary>
internal sealed class ServedEmbeddedLog(
    IOptions<TextStreamsOptions> options, TimeProvider time, ILoggerFactory loggers, GrpcAccess? callers = null) : IEmbeddedLogServer
{
    private EmbeddedLogServer? server;

    public async Task StartAsync(SqliteEventStore log, CancellationToken ct)
    {
        var port = options.Value.Embedded.GrpcPort ?? 0;
        try
        {
            var prefix = StreamPrefix.Parse(options.Value.Streams.Prefix);
            server = await EmbeddedLogServer.StartAsync(
                log, port, prefix, time, loggers, callers is null ? EmbeddedLogServer.AdmitAll : callers.Admit, ct,
                FileLimit.LogConnections());
        }
        catch (IOException e)
        {
            throw new IOException($"Embedded:GrpcPort: port {port} cannot be listened on; choose another, or 0 for a free one. {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref server, null) is { } running) await running.DisposeAsync();
    }
}
