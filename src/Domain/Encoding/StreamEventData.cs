using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>The data of a text stream's events: which fields, in which order.</summary>
internal static class StreamEventData
{
    /// <summary>Writes an event's data and says its stored type.</summary>
    public static string Write(StreamEvent @event, JsonBytes json)
    {
        json.Open();
        WriteFields(@event, json);
        json.Close();
        return StoredTypes.Of(@event);
    }

    private static void WriteFields(StreamEvent @event, JsonBytes json)
    {
        switch (@event)
        {
            case ChunkPersisted e:
                json.Number("index"u8, e.Index);
                json.Number("offset"u8, e.Offset);
                json.Text("text"u8, e.Text);
                json.Time("since"u8, e.Since);
                WriteParts(e.Parts, e.PartBytes, json);
                break;

            case PartStarted e:
                PartEventData.Write(e, json);
                break;

            case PartPersisted e:
                PartEventData.Write(e, json);
                break;

            case PartEnded e:
                PartEventData.Write(e, json);
                break;

            case StreamCreated e:
                WriteCreated(e, json);
                break;

            case StreamStarted e:
                json.Number("epoch"u8, e.Epoch);
                WriteNode(e.Driver, "driver"u8, json);
                json.Text("source"u8, e.Source);
                json.TextIfAny("provider"u8, e.Provider);
                json.TextIfAny("model"u8, e.Model);
                json.Text("engine"u8, e.Engine);
                break;

            case StreamCompleted e:
                WriteExtent(e, json);
                json.TextIfAny("finishReason"u8, e.FinishReason);
                WriteRaw(e.Usage, "usage"u8, json);
                WriteReplaced(e, json);
                break;

            case StreamFailed e:
                json.Text("code"u8, e.Code);
                json.Text("message"u8, e.Message);
                WriteExtent(e, json);
                WriteReplaced(e, json);
                break;

            case StreamCancelled e:
                json.Text("by"u8, e.By);
                json.TextIfAny("reason"u8, e.Reason);
                json.Time("requestedAt"u8, e.RequestedAt);
                WriteExtent(e, json);
                WriteReplaced(e, json);
                break;

            case StreamTimedOut e:
                json.Seconds("idleForSeconds"u8, e.IdleFor);
                json.Time("lastActivityAt"u8, e.LastActivityAt);
                if (e.MaxDuration is { } most) json.Seconds("maxDurationSeconds"u8, most);
                WriteExtent(e, json);
                WriteReplaced(e, json);
                break;

            case StreamDeleted e:
                json.Text("by"u8, e.By);
                json.TextIfAny("reason"u8, e.Reason);
                json.Text("statusBefore"u8, e.StatusBefore.Name());
                WriteExtent(e.Length, e.Chunks, json);
                break;

            case StreamNote e when EventKinds.KindOf(e.Type) == EventKind.Note:
                break;                                                           // its type says it all

            default:
                throw new ArgumentException($"{@event.GetType().Name} has no stored shape.", nameof(@event));
        }
    }

    public static void WriteNode(NodeRun node, ReadOnlySpan<byte> name, JsonBytes json)
    {
        json.Open(name);
        json.Text("node"u8, node.Node);
        json.Text("run"u8, node.Run);
        json.Close();
    }

    private static void WriteCreated(StreamCreated e, JsonBytes json)
    {
        json.Text("id"u8, e.Id.Value);
        json.Text("source"u8, e.Source);
        WriteRaw(e.Input, "input"u8, json);
        json.Text("contentType"u8, e.ContentType);
        json.Seconds("idleTimeoutSeconds"u8, e.IdleTimeout);
        if (e.Retain is { } retain) json.Seconds("retainSeconds"u8, retain);
        if (e.MaxDuration is { } most) json.Seconds("maxDurationSeconds"u8, most);
        if (e.OnDisconnect is not OnDisconnect.Continue) json.Text("onDisconnect"u8, e.OnDisconnect.Name());
        WriteLabels(e.Labels, json);
        json.Texts("given"u8, e.Given);
    }

    public static void WriteLabels(Labels labels, JsonBytes json)
    {
        json.Open("labels"u8);
        foreach (var (label, value) in labels) json.Text(label, value);
        json.Close();
    }

    private static void WriteExtent(long length, int chunks, JsonBytes json)
    {
        json.Number("length"u8, length);
        json.Number("chunks"u8, chunks);
    }

    private static void WriteExtent(Ending ending, JsonBytes json)
    {
        WriteExtent(ending.Length, ending.Chunks, json);
        WriteParts(ending.Parts, ending.PartBytes, json);
    }

    /// <summary>Absent while there are none: a text without parts is stored as it was before there were any.</summary>
    private static void WriteParts(int parts, long partBytes, JsonBytes json)
    {
        if (parts == 0) return;
        json.Number("parts"u8, parts);
        json.Number("partBytes"u8, partBytes);
    }

    private static void WriteReplaced(Ending ending, JsonBytes json)
    {
        if (ending.Replaced is { } replaced) json.Number("replaced"u8, replaced);
    }

    /// <summary>Checked, because a brace too many in it would let the rest of the event mean something else.</summary>
    internal static void WriteRaw(string? raw, ReadOnlySpan<byte> name, JsonBytes json)
    {
        if (raw is null) return;
        if (KeptJson.Fault(raw) is { } fault) throw new ArgumentException($"What is to be stored as it came cannot be: {fault}.", nameof(raw));
        json.Raw(name, raw);
    }
}
