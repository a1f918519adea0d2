using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>A stream's limits, kept as EventStoreDB keeps them: the last event of the stream <c>$$name</c>.</summary>
internal sealed class LimitsLookup(Database database, HeadLookup heads)
{
    /// <summary>A name twice would be an error only later, when it is looked for.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly Statement last = database.Prepare(
        "SELECT data FROM log WHERE position = ?1 AND stream = ?2 AND revision = ?3");

    /// <returns>Null where none were ever set: only then every event of the stream has to be there.</returns>
    public Truncation? Find(string stream)
    {
        if (stream.StartsWith(StreamLimitsJson.Prefix, StringComparison.Ordinal)) return Truncation.OfMetadata;
        return Metadata(stream) is { } json ? Parse(json) : null;
    }

    /// <returns>The metadata as JSON, empty if it is none; null where there is no metadata.</returns>
    public JsonObject? Metadata(string stream)
    {
        var name = StreamLimitsJson.Prefix + stream;
        var (id, head, position) = heads.Find(name);
        if (head < 0) return null;
        if (head == StoredEvent.TombstoneRevision) return [];
        try
        {
            return last.Bind(1, position).Bind(2, id).Bind(3, head).Step()
                ? JsonNode.Parse(last.Blob(0), documentOptions: Strict) as JsonObject ?? []
                : throw new LogDamagedException(name, head, "the index names a row that is not there, or is another event.");
        }
        catch (JsonException)
        {
            // Not JSON, so another client's event: EventStoreDB takes no limits from it either.
            return [];
        }
        finally
        {
            last.Reset();
        }
    }

    private static Truncation Parse(JsonObject json) => new(
        Number(json, StreamLimitsJson.MaxCount) is { } count and > 0 ? count : null,
        Number(json, StreamLimitsJson.MaxAge) is { } seconds and > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) : null,
        Number(json, StreamLimitsJson.Before) is { } before and >= 0 ? before : null);

    private static long? Number(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
