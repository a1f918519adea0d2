using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Stores;

/// <summary>The one place where a location becomes a log.</summary>
internal static class StoreOpening
{
    /// <summary>A private copy of more than this is worth a word on stderr.</summary>
    private const long BigCopy = 64 << 20;

    public static async Task<IEventStoreReader> ReadAsync(StoreLocation location, StreamPrefix prefix, AuditContext context, CancellationToken ct) => location switch
    {
        StoreLocation.Embedded embedded => await SqliteEventStoreReader.OpenAsync(
            new SqliteEventStoreReaderOptions
            {
                File = embedded.File,
                Copying = (folder, bytes) =>
                {
                    if (bytes < BigCopy) return;
                    context.Console.Note(
                        $"No server runs here, so the log is read from a private copy: {bytes >> 20} MiB in {folder}, deleted at the end.");
                },
            },
            context.Time,
            ct),
        StoreLocation.Export export => await ExportLog.OpenAsync(export.File, prefix, ct),
        StoreLocation.EventStoreDb eventStore => await EventStoreAsync(eventStore, prefix, context, ct),
        _ => throw new ArgumentException($"{location} is no place for a store.", nameof(location)),
    };

    /// <summary>For a command that writes. An embedded log is made where there is none, and is locked until it is
    /// disposed.</summary>
    /// <exception cref="AuditException">A server has it.</exception>
    public static async Task<IEventStore> WriteAsync(StoreLocation location, StreamPrefix prefix, AuditContext context, CancellationToken ct)
    {
        switch (location)
        {
            case StoreLocation.Embedded embedded:
                RequireFree(embedded);
                return await SqliteEventStore.OpenAsync(
                    new SqliteEventStoreOptions { Path = embedded.Folder }, context.Time, NullLogger.Instance, ct);
            case StoreLocation.EventStoreDb eventStore:
                return await EventStoreAsync(eventStore, prefix, context, ct);
            case StoreLocation.Export:
                throw new AuditException($"{location} is an export, which is only read. To write, name a log; to make an export use `streams-audit export`.");
            default:
                throw new ArgumentException($"{location} is no place for a store.", nameof(location));
        }
    }

    /// <summary>One transaction on an embedded log, which is made where there is none, and is locked until it is
    /// disposed.</summary>
    /// <exception cref="AuditException">A server has it.</exception>
    public static Task<SqliteImport> ImportAsync(StoreLocation.Embedded embedded, AuditContext context, CancellationToken ct)
    {
        RequireFree(embedded);
        return SqliteImport.OpenAsync(new SqliteEventStoreOptions { Path = embedded.Folder }, context.Time, ct);
    }

    /// <summary>Null where there is no log yet, and one would be made.</summary>
    public static async Task<IEventStoreReader?> PresentAsync(StoreLocation location, StreamPrefix prefix, AuditContext context, CancellationToken ct) =>
        location is StoreLocation.Embedded embedded && !File.Exists(embedded.File) ? null : await ReadAsync(location, prefix, context, ct);

    private static void RequireFree(StoreLocation.Embedded embedded)
    {
        if (Path.GetFileName(embedded.File) != "log.db")
            throw new AuditException($"{embedded.File} is a copy to be read. To write, name the folder of a log.");
        if (SqliteEventStoreReader.IsInUse(embedded.File))
        {
            throw new AuditException(
                $"A server has the log in {embedded.Folder} open, and a log has one writer. Stop the server first; or, where it serves its log "
                + "(Embedded:GrpcPort), write through it: give esdb:// and its address instead of the folder.");
        }
    }

    /// <summary>Opening writes nothing: neither the log's name nor any limit.</summary>
    private static async Task<IEventStore> EventStoreAsync(StoreLocation.EventStoreDb location, StreamPrefix prefix, AuditContext context, CancellationToken ct)
    {
        try
        {
            return await EventStoreDbStore.OpenAsync(
                new EventStoreDbOptions { ConnectionString = location.ConnectionString, Prefix = prefix }, context.Time, NullLogger.Instance, ct);
        }
        catch (LogUnavailableException e)
        {
            throw new AuditException($"{location} cannot be read: {e.Message}");
        }
        catch (EventStoreDbRefusedException e)
        {
            throw new AuditException(e.Message);
        }
    }
}
