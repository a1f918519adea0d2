using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>From an event's stored type and data back to the event.</summary>
internal static class StreamEventReading
{
    /// <exception cref="FormatException">An unknown type, or a field that is not there.</exception>
    public static StreamEvent Read(string type, JsonFields data, DateTimeOffset at) => ReadFields(type, data, at) switch
    {
        Ending e => e with
        {
            Replaced = data.OptionalLong("replaced"),
            Parts = data.OptionalInt("parts") ?? 0,
            PartBytes = data.OptionalLong("partBytes") ?? 0,
        },
        var other => other,
    };

    private static StreamEvent ReadFields(string type, JsonFields data, DateTimeOffset at) => type switch
    {
        StoredTypes.ChunkPersisted =>
            new ChunkPersisted(data.Int("index"), data.Long("offset"), data.Text("text"), data.Time("since"))
            { At = at, Parts = data.OptionalInt("parts") ?? 0, PartBytes = data.OptionalLong("partBytes") ?? 0 },

        StoredTypes.PartStarted => PartEventData.ReadStarted(data, at),
        StoredTypes.PartPersisted => PartEventData.ReadPersisted(data, at),
        StoredTypes.PartEnded => PartEventData.ReadEnded(data, at),

        StoredTypes.StreamCreated => new StreamCreated(
            new StreamId(data.Text("id")),
            data.Text("source"),
            data.RawIfAny("input"),
            data.Text("contentType"),
            data.Seconds("idleTimeoutSeconds"),
            data.OptionalSeconds("retainSeconds"),
            Labels.From(data.Pairs("labels")),
            Names.From(data.Texts("given")))
        {
            At = at,
            MaxDuration = data.OptionalSeconds("maxDurationSeconds"),
            OnDisconnect = ReadOnDisconnect(data.OptionalText("onDisconnect")),
        },

        StoredTypes.StreamStarted => new StreamStarted(
            data.Int("epoch"),
            ReadNode(data.Object("driver")),
            data.Text("source"),
            data.OptionalText("provider"),
            data.OptionalText("model"),
            data.Text("engine"))
        { At = at },

        StoredTypes.StreamCompleted => new StreamCompleted(
            data.Long("length"), data.Int("chunks"), data.OptionalText("finishReason"), data.RawIfAny("usage"))
        { At = at },

        StoredTypes.StreamFailed =>
            new StreamFailed(data.Text("code"), data.Text("message"), data.Long("length"), data.Int("chunks")) { At = at },

        StoredTypes.StreamCancelled => new StreamCancelled(
            data.Text("by"), data.OptionalText("reason"), data.Time("requestedAt"), data.Long("length"), data.Int("chunks"))
        { At = at },

        StoredTypes.StreamTimedOut => new StreamTimedOut(
            data.Seconds("idleForSeconds"), data.Time("lastActivityAt"), data.Long("length"), data.Int("chunks"))
        { At = at, MaxDuration = data.OptionalSeconds("maxDurationSeconds") },

        StoredTypes.StreamDeleted => new StreamDeleted(
            data.Text("by"),
            data.OptionalText("reason"),
            StreamStatusNames.Parse(data.Text("statusBefore")) ?? throw new FormatException("'statusBefore' names no status."),
            data.Long("length"),
            data.Int("chunks"))
        { At = at },

        _ when EventKinds.KindOf(type) == EventKind.Note => new StreamNote(type) { At = at },

        _ => throw new FormatException($"A text has no event of type '{type}'. Was it written by a newer version?"),
    };

    private static OnDisconnect ReadOnDisconnect(string? name) => name is null
        ? OnDisconnect.Continue
        : OnDisconnectNames.Parse(name) ?? throw new FormatException($"'onDisconnect' is '{name}'. Was it written by a newer version?");

    public static NodeRun ReadNode(JsonFields node) => new(node.Text("node"), node.Text("run"));
}
