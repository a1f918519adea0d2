using System.Text.Json.Serialization;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Access;

/// <summary>One record, as it is shown.</summary>
internal sealed record ShownAccess(DateTime At, string Who, string What, string? Stream, string? From, string? Refused)
{
    /// <exception cref="LogDamagedException">It is no record of access.</exception>
    public static ShownAccess Of(StoredEvent stored) => ServiceCodec.Decode(stored).Event is ServiceEvent.AccessRecorded e
        ? new(e.At.UtcDateTime, e.Who, e.What, e.Stream?.Value, e.From, e.Refused)
        : throw new LogDamagedException(stored.Stream, stored.Revision, $"A '{stored.Type}' is no record of access.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShownAccess))]
internal sealed partial class AccessJson : JsonSerializerContext;
