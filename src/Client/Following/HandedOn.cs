namespace EventSourcedStreams.Client;

/// <summary>What of a stream has been handed on, so that nothing is twice, and nothing is missing.</summary>
/// <param name="after">The event behind which it begins; null: with the stream.</param>
internal sealed class HandedOn(long? after)
{
    private readonly ShownText text = new() { Length = after is null ? 0 : null };
    private readonly Dictionary<int, HandedOnPart> parts = [];
    private StreamStatus status = StreamStatus.Unknown;

    /// <summary>Null: it says nothing new.</summary>
    /// <exception cref="IOException">Something is missing before it, and has to be read again from the
    /// beginning.</exception>
    public StreamUpdate? Next(ReceivedEvent next) => next switch
    {
        _ when next.Id <= after => null, // read again from the beginning, and not asked for
        { Part: { } part } => OfPart(next.Id, next.Name, part),
        { Data: { } data } => OfStream(next.Id, next.Name, data),
        _ => null,
    };

    private StreamUpdate? OfStream(long? id, string name, EventData data)
    {
        switch (name)
        {
            case "status" when data.Status is { } known && known > status:
                status = known;
                return new StreamUpdate { Cursor = id, Status = status };
            case "text":
                status = StreamStatus.Streaming;
                if (text.Rest(data.Text ?? "", data.Offset ?? text.Length ?? 0) is not { } rest) throw Missing();
                return rest.Text.Length == 0 ? null : new StreamUpdate { Cursor = id, Status = status, Text = rest.Text, Offset = rest.Offset };
            case "saved":
                return new StreamUpdate { Cursor = data.Revision, Status = StreamStatus.Streaming, SavedLength = data.Length };
            case "end":
                return data.Length > text.Length ? throw Missing() : Ended(data, id ?? data.Revision);
            default:
                return null;
        }
    }

    private StreamUpdate? OfPart(long? id, string name, PartData data)
    {
        // One that began before the cursor is known from here on.
        var isNew = !parts.TryGetValue(data.Part, out var known);
        if (known is null) parts[data.Part] = known = new HandedOnPart(name == "part" ? 0 : null);
        var of = new PartUpdate(data.Part);
        switch (name)
        {
            case "part" when isNew:
                of = of with { Start = data.ToStart() };
                break;
            case "part-text":
                if (known.Text.Rest(data.Text ?? "", data.Offset ?? 0) is not { } rest) throw Missing();
                if (rest.Text.Length == 0) return null;
                of = of with { Text = rest.Text, Offset = rest.Offset };
                break;
            case "part-end" when !known.IsEnded:
                if (data.Length > known.Text.Length) throw Missing();
                known.IsEnded = true;
                of = of with { End = data.ToEnd() };
                break;
            default:
                return null;
        }

        status = StreamStatus.Streaming;
        return new StreamUpdate { Cursor = id, Status = status, Part = of };
    }

    private static IOException Missing() => new("Something is missing before what has come; it is read again.");

    private static StreamUpdate Ended(EventData data, long? at)
    {
        var status = data.Status ?? StreamStatus.Unknown;
        return new StreamUpdate
        {
            Cursor = at,
            Status = status,
            SavedLength = data.Length,
            End = new StreamEnd(status) { Length = data.Length, FinishReason = data.FinishReason, Usage = data.Usage, Error = data.Error },
        };
    }
}

/// <summary>The same of a part.</summary>
/// <param name="length">UTF-8 bytes of its text that have been handed on; null: it began before.</param>
internal sealed class HandedOnPart(long? length)
{
    public ShownText Text { get; } = new() { Length = length };

    public bool IsEnded { get; set; }
}
