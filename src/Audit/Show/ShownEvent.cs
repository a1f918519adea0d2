using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Client;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Show;

/// <summary>One line of <c>show --json</c>. Of an event that cannot be read only what the store itself knows is there,
/// and why.</summary>
internal sealed record ShownEvent(long Revision, string Type)
{
    /// <summary>By the writer's clock, UTC.</summary>
    public DateTime? At { get; init; }

    /// <summary>When the log took it, by the log's own clock, UTC; an export does not say it.</summary>
    public DateTime? LoggedAt { get; init; }

    /// <summary>Since the event before, by the writers' clocks; below 0 where they disagree. Left out at the
    /// first.</summary>
    public double? GapSeconds { get; init; }

    /// <summary>Bytes of data and metadata as stored.</summary>
    public int Size { get; init; }

    public int? Epoch { get; init; }

    public string? Actor { get; init; }

    public string? Node { get; init; }

    public string? Run { get; init; }

    public string? CorrelationId { get; init; }

    public string? CausationId { get; init; }

    public required string EventId { get; init; }

    public string? Hash { get; init; }

    /// <summary>The event's own fields, as stored.</summary>
    [JsonConverter(typeof(KeptElementConverter))]
    public JsonElement? Data { get; init; }

    /// <summary>In one line, for people.</summary>
    public string? Detail { get; init; }

    public string? Damage { get; init; }

    /// <param name="before">The event before it; null at the first.</param>
    public static ShownEvent Of(HistoryEvent e, HistoryEvent? before) => new(e.Stored.Revision, e.Stored.Type)
    {
        At = e.Recorded?.Event.At.UtcDateTime,
        LoggedAt = e.Stored.Position == LogPosition.Start ? null : e.Stored.Created.UtcDateTime,
        GapSeconds = (e.Recorded?.Event.At - before?.Recorded?.Event.At)?.TotalSeconds,
        Size = e.Stored.Data.Length + e.Stored.Metadata.Length,
        Epoch = e.Recorded?.Context.Epoch,
        Actor = e.Recorded?.Context.Actor,
        Node = e.Recorded?.Context.Node.Node,
        Run = e.Recorded?.Context.Node.Run,
        CorrelationId = e.Recorded?.Context.CorrelationId,
        CausationId = e.Recorded?.Context.CausationId,
        EventId = e.Stored.Id.ToString(),
        Hash = e.Recorded?.Hash.ToString(),
        Data = e.Recorded is null ? null : JsonElement.Parse(e.Stored.Data.Span, KeptJson.Deep),
        Detail = e.Recorded is { } recorded ? EventDetail.Of(recorded.Event) : null,
        Damage = e.Damage,
    };

    public static IEnumerable<ShownEvent> Of(StreamHistory history) =>
        history.Events.Select((e, i) => Of(e, i == 0 ? null : history.Events[i - 1]));
}

/// <summary>The line that <c>show --json</c> has for a deleted stream.</summary>
/// <param name="At">When it was deleted; this and the rest left out where the log keeps nothing with a
/// tombstone.</param>
/// <param name="HeadRevision">Its last event's revision.</param>
internal sealed record ShownTombstone(string Id, string Status, DateTime? At, string? By, long? HeadRevision, string? HeadHash);

/// <summary>Damage that is at no event that is there.</summary>
internal sealed record ShownDamage(long? Revision, string Damage);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShownEvent))]
[JsonSerializable(typeof(ShownTombstone))]
[JsonSerializable(typeof(ShownDamage))]
internal sealed partial class ShowJson : JsonSerializerContext;
