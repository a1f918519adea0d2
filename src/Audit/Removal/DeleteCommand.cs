using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Import;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Removal;

/// <summary><c>audit delete</c>: streams that no request can address, which a log may have from before every surface
/// asked for the grammar of ids. What the API can delete is the API's to delete.</summary>
internal static class DeleteCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var stream = new StreamArgument();
        var by = new Option<string>("--by") { Description = "Who deletes it, for the record.", DefaultValueFactory = _ => "audit" };
        var command = new Command("delete", "Delete a stream for ever whose id no request can have; its server deletes all others.")
        {
            stream.Argument, by,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, stream, parsed.GetRequiredValue(by), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument argument, string by, CancellationToken ct)
    {
        if (by.Length == 0 || Encoding.UTF8.GetByteCount(by) > TextLimits.ActorBytes)
            throw new AuditException($"--by is a name of 1 to {TextLimits.ActorBytes} bytes.");
        var (id, head) = await FindAsync(context, shared, parsed, argument, ct);
        var deletion = new Deletion(by, context.Time.GetUtcNow(), head);
        await WriteAsync(context, shared.LocationIn(parsed), shared.PrefixIn(parsed), id, deletion, ct);
        if (shared.WantsJson(parsed))
            context.Console.WriteJson(new DeletedStream(id.Value, by, deletion.At.UtcDateTime, head.Revision.Value), DeleteJson.Default.DeletedStream);
        else
            context.Console.WriteLine($"{id}: deleted; it ended at revision {head.Revision}.");
        return ExitCode.Ok;
    }

    private static async Task<(StreamId Id, StreamHead Head)> FindAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument argument, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var id = await argument.FindAsync(parsed, store, ct);
        if (StreamIdGrammar.Allows(id.Value))
            throw new AuditException($"{id} is an id that requests can have: its server deletes it (DELETE /v1/streams/{id}).");
        var read = await store.Bytes.ReadAsync(store.Prefix.Text(id), long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
        return read switch
        {
            StoreRead.Page { Events: [var last] } => (id, new StreamHead(Revision.From(last.Revision), HashOf(last))),
            StoreRead.Tombstoned => throw await Absence.GoneAsync(store, id, ct),
            _ => throw await Absence.EmptinessAsync(store, id, ct),
        };
    }

    /// <summary>Zeros where the last event has none, since another program wrote it.</summary>
    private static ChainHash HashOf(StoredEvent last)
    {
        try
        {
            return EventMetadata.ReadHash(last.Metadata).Hash;
        }
        catch (UndecodableException)
        {
            return ChainHash.Origin;
        }
    }

    private static async Task WriteAsync(
        AuditContext context, StoreLocation location, StreamPrefix prefix, StreamId id, Deletion deletion, CancellationToken ct)
    {
        var (name, tombstone, metadata) = (prefix.Text(id), new EventId(Guid.NewGuid()), TombstoneMetadata.Write(deletion));
        if (location is StoreLocation.Embedded embedded)
        {
            await using var transaction = await StoreOpening.ImportAsync(embedded, context, ct);
            await new ImportTarget(transaction).TombstoneAsync(name, tombstone, metadata, ct);
            transaction.Commit();
            return;
        }

        await using var log = await StoreOpening.WriteAsync(location, prefix, context, ct);
        await new LogTarget(log, context.Time).TombstoneAsync(name, tombstone, metadata, ct);
        context.Console.Note("This log keeps neither actor nor time with a tombstone.");
    }
}

/// <summary>The line of <c>delete --json</c>.</summary>
/// <param name="Revision">Where it ended.</param>
internal sealed record DeletedStream(string Id, string By, DateTime At, long Revision);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeletedStream))]
internal sealed partial class DeleteJson : JsonSerializerContext;
