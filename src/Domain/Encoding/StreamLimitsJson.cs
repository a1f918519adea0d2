using System.Text.Json.Nodes;

namespace EventSourcedStreams.Domain;

/// <summary>A stream's limits as EventStoreDB keeps them: JSON in the last event of the stream <c>$$name</c>.</summary>
internal static class StreamLimitsJson
{
    public const string Prefix = "$$";
    public const string MetadataType = "$metadata";
    public const string MaxCount = "$maxCount", MaxAge = "$maxAge", Before = "$tb";

    /// <returns>The metadata with these limits and all else it had; null where it says so already.</returns>
    public static JsonObject? With(JsonObject? metadata, StreamLimits limits)
    {
        var wanted = metadata?.DeepClone().AsObject() ?? [];
        Set(wanted, MaxCount, limits.MaxCount);
        Set(wanted, MaxAge, limits.MaxAge is { } age ? (long)Math.Ceiling(age.TotalSeconds) : null);
        return metadata is not null && JsonNode.DeepEquals(metadata, wanted) ? null : wanted;
    }

    /// <returns>The metadata of a deleted stream, or of one that goes on at a revision; all else it had
    /// stays.</returns>
    public static JsonObject WithoutEventsBefore(JsonObject? metadata, long revision)
    {
        var wanted = metadata?.DeepClone().AsObject() ?? [];
        Set(wanted, Before, revision);
        return wanted;
    }

    private static void Set(JsonObject json, string name, long? value)
    {
        json.Remove(name);
        if (value is { } number) json[name] = number;
    }
}
