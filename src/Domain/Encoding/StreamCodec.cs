namespace EventSourcedStreams.Domain;

/// <summary>
/// Between the events of a text and their stored bytes. There is one, on every log: what it writes must be readable for
/// ever, so golden files pin every shape.
/// </summary>
internal static class StreamCodec
{
    /// <summary>The same value gives the same bytes.</summary>
    /// <exception cref="UnstorableException">No events, or over <see cref="TextLimits.AppendBytes"/>: limits are
    /// checked before an append gets its id, so the caller has an error. Or anything else that keeps it from being
    /// written.</exception>
    public static EncodedAppend Encode(Append append)
    {
        try
        {
            return EncodeAll(append);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new UnstorableException(e.Message, e);
        }
    }

    private static EncodedAppend EncodeAll(Append append)
    {
        if (append.Events.Count == 0) throw new ArgumentException("An append has at least one event.", nameof(append));
        if (append.Contexts.Count != append.Events.Count) throw new ArgumentException("Each event has a context.", nameof(append));

        using var json = new JsonBytes();
        using var chain = new HashChain(append.Stream);
        var head = append.Expected;
        var events = new NewEvent[append.Events.Count];
        var size = 0;
        for (var i = 0; i < events.Length; i++)
        {
            (events[i], head) = Encode(append.Events[i], append.Id.EventAt(i), append.Contexts[i], head, chain, json);
            size += events[i].Size;
        }

        return size <= TextLimits.AppendBytes
            ? new EncodedAppend(events, head)
            : throw new ArgumentException(
                $"An append to {append.Stream} has {size} bytes encoded; at most {TextLimits.AppendBytes} are allowed.", nameof(append));
    }

    /// <summary>What an event says; its hash is taken as it stands, unchecked (a reading of the stream does
    /// that).</summary>
    /// <exception cref="LogDamagedException">It cannot be an event of ours.</exception>
    public static RecordedEvent Decode(StreamId stream, StoredEvent stored, RepeatedMetadata? repeated = null) =>
        Naming(stored, static (arguments, stored) =>
        {
            var (stream, repeated) = arguments;
            var (hash, covered) = EventMetadata.ReadHash(stored.Metadata);
            var (at, context) = repeated is null ? EventMetadata.Read(stored.Metadata) : repeated.Read(stored.Metadata, covered);
            if (stored.ContentType != StoredTypes.Json)
                throw new UndecodableException($"Its content type is '{stored.ContentType}', not '{StoredTypes.Json}'.");
            return new RecordedEvent(
                stream, Revision.From(stored.Revision), stored.Position, stored.Id, ReadData(stored, at), context, hash);
        }, (stream, repeated));

    /// <summary>An event's stored hash, and what the chain says that it must be after the event before it.</summary>
    internal static (ChainHash Stored, ChainHash Computed) Hashes(HashChain chain, ChainHash previous, StoredEvent stored) =>
        Naming(stored, static (arguments, stored) =>
        {
            var (chain, previous) = arguments;
            var (hash, length) = EventMetadata.ReadHash(stored.Metadata);
            var covered = stored.Metadata.Span[..length];
            return (hash, chain.Next(
                previous, stored.Revision, stored.Id, stored.Type, stored.ContentType, stored.Data.Span, covered));
        }, (chain, previous));

    /// <summary>An event's stored hash, unchecked.</summary>
    internal static ChainHash StoredHash(StoredEvent stored) => Naming(stored, static (_, stored) => EventMetadata.ReadHash(stored.Metadata).Hash, 0);

    /// <summary>So that a later version's way of hashing is not called damage.</summary>
    /// <exception cref="LogDamagedException">The metadata cannot be read, or has a version that this program does not
    /// know.</exception>
    internal static void RefuseOtherVersion(StoredEvent stored) =>
        Naming(stored, static (_, stored) => EventMetadata.Read(stored.Metadata), stored);

    internal static T Naming<T, TArgument>(StoredEvent stored, Func<TArgument, StoredEvent, T> decode, TArgument argument)
    {
        try
        {
            return decode(argument, stored);
        }
        catch (UndecodableException e)
        {
            if (stored.IsUnreadable) throw new LogDamagedException(stored.Stream, stored.Revision, "the store cannot give this event.", e);
            if (ForeignEvents.IsForeign(stored)) throw ForeignEvents.Found(stored);
            throw new LogDamagedException(stored.Stream, stored.Revision, e.Message, e);
        }
    }

    private static StreamEvent ReadData(StoredEvent stored, DateTimeOffset at) =>
        (stored.Type == StoredTypes.ChunkPersisted ? ChunkReading.TryRead(stored.Data.Span, at) : null)
        ?? JsonFields.Read(stored.Data, "data", data => StreamEventReading.Read(stored.Type, data, at));

    private static (NewEvent, StreamHead) Encode(
        StreamEvent @event, EventId id, EventContext context, StreamHead head, HashChain chain, JsonBytes json)
    {
        var type = StreamEventData.Write(@event, json);
        var data = json.Take();
        EventMetadata.WriteCovered(@event.At, context, json);
        var revision = head.Revision.Next;
        var hash = chain.Next(head.Hash, revision.Value, id, type, StoredTypes.Json, data, json.Written);
        EventMetadata.WriteHash(hash, json);
        return (new NewEvent(id, type, StoredTypes.Json, data, json.Take()), new StreamHead(revision, hash));
    }
}
