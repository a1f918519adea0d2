using static EventSourcedStreams.Domain.ServiceEvent;

namespace EventSourcedStreams.Domain;

/// <summary>Between what nodes say to each other and its stored bytes. As a text's events, but without a
/// hash.</summary>
internal static class ServiceCodec
{
    public static NewEvent Encode(ServiceEvent @event, EventId id, EventContext context)
    {
        using var json = new JsonBytes();
        json.Open();
        var type = WriteFields(@event, json);
        json.Close();
        var data = json.Take();
        EventMetadata.WriteCovered(@event.At, context, json);
        json.Close();
        return new NewEvent(id, type, StoredTypes.Json, data, json.Take());
    }

    /// <exception cref="LogDamagedException">It cannot be a service event of ours.</exception>
    public static (ServiceEvent Event, EventContext Context) Decode(StoredEvent stored) => StreamCodec.Naming(stored, static (_, stored) =>
    {
        var (at, context) = EventMetadata.Read(stored.Metadata);
        return (JsonFields.Read(stored.Data, "data", data => Read(stored.Type, data, at)), context);
    }, stored);

    private static string WriteFields(ServiceEvent @event, JsonBytes json)
    {
        switch (@event)
        {
            case NodeHeartbeat e:
                json.Text("node"u8, e.Run.Node);
                json.Text("run"u8, e.Run.Run);
                json.Time("startedAt"u8, e.StartedAt);
                json.Seconds("outageLimitSeconds"u8, e.OutageLimit);
                if (e.Stopped) json.True("stopped"u8);
                return StoredTypes.NodeHeartbeat;

            case StreamCancelRequested e:
                json.Text("id"u8, e.Id.Value);
                json.TextIfAny("reason"u8, e.Reason);
                if (e.Epoch is { } epoch) json.Number("epoch"u8, epoch);
                return StoredTypes.StreamCancelRequested;

            case EndingsHandled e:
                json.Text("handler"u8, e.Handler);
                StreamEventData.WriteNode(e.Holder, "holder"u8, json);
                if (e.UpTo is { } place) WritePlace("upTo"u8, place, json);
                return StoredTypes.EndingsHandled;

            case AccessRecorded e:
                json.Text("who"u8, e.Who);
                json.Text("what"u8, e.What);
                json.TextIfAny("stream"u8, e.Stream?.Value);
                json.TextIfAny("from"u8, e.From);
                json.TextIfAny("refused"u8, e.Refused);
                return StoredTypes.AccessRecorded;

            case JobRequested e:
                json.Text("id"u8, e.Job);
                json.Text("kind"u8, e.Kind.Name());
                StreamEventData.WriteLabels(e.Labels, json);
                if (e.With.Count > 0) json.Texts("with"u8, e.With);
                return StoredTypes.JobRequested;

            case JobProgressed e:
                WriteProgress(e, json);
                return StoredTypes.JobProgressed;

            case LogNamed e:
                json.Text("logId"u8, e.LogId);
                return StoredTypes.LogNamed;

            default:
                throw new ArgumentException($"{@event.GetType().Name} has no stored shape.", nameof(@event));
        }
    }

    private static void WriteProgress(JobProgressed e, JsonBytes json)
    {
        json.Text("id"u8, e.Job);
        json.Text("kind"u8, e.Kind.Name());
        StreamEventData.WriteLabels(e.Labels, json);
        if (e.With.Count > 0) json.Texts("with"u8, e.With);
        json.Text("by"u8, e.By);
        json.Time("requestedAt"u8, e.RequestedAt);
        WritePlace("asOf"u8, e.AsOf, json);
        StreamEventData.WriteNode(e.Holder, "holder"u8, json);
        json.Number("total"u8, e.Total);
        json.Number("done"u8, e.Done);
        json.Number("failed"u8, e.Failed);
        if (e.Failures.Count > 0) json.Texts("failures"u8, e.Failures);
        if (e.Bytes is { } bytes) json.Number("bytes"u8, bytes);
        if (e.Ended) json.True("ended"u8);
    }

    private static void WritePlace(ReadOnlySpan<byte> name, LogPosition place, JsonBytes json)
    {
        json.Open(name);
        json.Number("commit"u8, checked((long)place.Commit));
        json.Number("prepare"u8, checked((long)place.Prepare));
        json.Close();
    }

    private static ServiceEvent Read(string type, JsonFields data, DateTimeOffset at) => type switch
    {
        StoredTypes.NodeHeartbeat => new NodeHeartbeat(
            StreamEventReading.ReadNode(data), data.Time("startedAt"), data.Seconds("outageLimitSeconds"), data.Flag("stopped"))
        { At = at },
        StoredTypes.StreamCancelRequested =>
            new StreamCancelRequested(new StreamId(data.Text("id")), data.OptionalText("reason"), data.OptionalInt("epoch")) { At = at },
        StoredTypes.EndingsHandled => new EndingsHandled(
            data.Text("handler"), StreamEventReading.ReadNode(data.Object("holder")), ReadPlace(data.OptionalObject("upTo")))
        { At = at },
        StoredTypes.AccessRecorded => new AccessRecorded(
            data.Text("who"),
            data.Text("what"),
            data.OptionalText("stream") is { } stream ? new StreamId(stream) : null,
            data.OptionalText("from"),
            data.OptionalText("refused"))
        { At = at },
        StoredTypes.JobRequested => new JobRequested(
            data.Text("id"), ReadKind(data), Labels.From(data.Pairs("labels")), Names.From(data.OptionalTexts("with")))
        { At = at },
        StoredTypes.JobProgressed => new JobProgressed(
            data.Text("id"),
            ReadKind(data),
            Labels.From(data.Pairs("labels")),
            Names.From(data.OptionalTexts("with")),
            data.Text("by"),
            data.Time("requestedAt"),
            ReadPlace(data.Object("asOf"))!.Value,
            StreamEventReading.ReadNode(data.Object("holder")),
            data.Long("total"),
            data.Long("done"),
            data.Long("failed"),
            Names.From(data.OptionalTexts("failures")),
            data.OptionalLong("bytes"),
            data.Flag("ended"))
        { At = at },
        StoredTypes.LogNamed => new LogNamed(data.Text("logId")) { At = at },
        _ => throw new FormatException($"Nodes write no event of type '{type}'. Was it written by a newer version?"),
    };

    private static JobKind ReadKind(JsonFields data) => data.Text("kind") is var name && JobKindNames.Parse(name) is { } kind
        ? kind
        : throw new FormatException($"'{name}' is no kind of job. Was it written by a newer version?");

    private static LogPosition? ReadPlace(JsonFields? place) => place is { } fields
        ? new LogPosition(checked((ulong)fields.Long("commit")), checked((ulong)fields.Long("prepare")))
        : null;
}
