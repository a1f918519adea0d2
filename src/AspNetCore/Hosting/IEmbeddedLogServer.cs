using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Serves the embedded log to others, as the ready-made host does; runs from the engine's start until its
/// end.</summary>
internal interface IEmbeddedLogServer : IAsyncDisposable
{
    /// <exception cref="IOException">The port cannot be listened on; names the key.</exception>
    Task StartAsync(SqliteEventStore log, CancellationToken ct);
}
