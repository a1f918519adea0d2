using System.Diagnostics;
using System.Globalization;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventLogBench;

/// <summary>A log that is measured beside others.</summary>
/// <param name="Server">The process that holds it, where that is another one and is known.</param>
internal sealed record ComparedLog(string Name, IEventStore Log, Process? Server)
{
    public static async Task<ComparedLog> OnStoreAsync(string name, string connectionString, Process? server) => new(
        name,
        await EventStoreDbStore.OpenAsync(
            new EventStoreDbOptions { ConnectionString = connectionString }, TimeProvider.System, NullLogger.Instance, CancellationToken.None),
        server);

    /// <summary>What the environment names; null: nothing.</summary>
    public static async Task<ComparedLog?> NamedAsync() =>
        Environment.GetEnvironmentVariable("EVENTSTOREDB_CONNECTION_STRING") is { Length: > 0 } connection
            ? await OnStoreAsync(
                "EventStoreDB",
                connection,
                int.TryParse(Environment.GetEnvironmentVariable("EVENTSTOREDB_PID"), CultureInfo.InvariantCulture, out var id)
                    ? Process.GetProcessById(id)
                    : null)
            : null;
}
