namespace EventSourcedStreams.Domain;

/// <summary>Checks a text's events as they are read, in order: revisions without gap, the hash chain, the
/// beginning.</summary>
internal sealed class StreamReading : IDisposable
{
    private readonly StreamId stream;
    private readonly HashChain chain;
    private readonly RepeatedMetadata repeated = new();
    private readonly long first;
    private readonly ChainHash? anchor;
    private ChainHash? previous;

    /// <param name="anchor">The hash that the first event has to have where it is only the anchor; null: whatever it
    /// has.</param>
    private StreamReading(StreamPrefix prefix, StreamId stream, long first, ChainHash? previous, ChainHash? anchor = null)
    {
        (this.stream, this.first, this.previous, this.anchor) = (stream, first, previous, anchor);
        chain = new HashChain(stream);
        StreamName = prefix.Text(stream);
        Next = first;
    }

    public string StreamName { get; }

    /// <summary>The revision that has to come next.</summary>
    public long Next { get; private set; }

    public bool HasBegun => Next > first;

    /// <summary>It starts at the revision itself, on whose stored hash the chain is anchored.</summary>
    public static StreamReading After(StreamPrefix prefix, StreamId stream, Revision after) =>
        after == Revision.None ? From(prefix, stream, StreamHead.None) : new(prefix, stream, after.Value, null);

    /// <summary>It starts at a head that was read before, which has to stand there still.</summary>
    public static StreamReading At(StreamPrefix prefix, StreamId stream, StreamHead head) =>
        head.Revision == Revision.None ? From(prefix, stream, head) : new(prefix, stream, head.Revision.Value, null, head.Hash);

    /// <summary>It starts behind a head whose hash is known.</summary>
    public static StreamReading From(StreamPrefix prefix, StreamId stream, StreamHead head) =>
        new(prefix, stream, head.Revision.Next.Value, head.Hash);

    /// <summary>Null for the anchor, which was not asked for.</summary>
    /// <exception cref="LogDamagedException">Something is missing before this event, or it is not what was
    /// written.</exception>
    public RecordedEvent? Read(StoredEvent stored)
    {
        if (stored.Revision != Next) throw Gap(stored);

        var anchored = previous;
        var (hash, computed) = StreamCodec.Hashes(chain, anchored ?? ChainHash.Origin, stored);
        if (anchored is null && anchor is not null && hash != anchor) throw new HeadNotFoundException(stream, Revision.From(first));
        if (anchored is not null && hash != computed) throw Changed(stored);
        if (stored.Revision == 0 && stored.Type != StoredTypes.StreamCreated)
            throw new LogDamagedException(StreamName, 0, "The stream is truncated: its first event is not its creation.");

        Next++;
        previous = hash;
        return anchored is null ? null : StreamCodec.Decode(stream, stored, repeated);
    }

    /// <exception cref="HeadNotFoundException">Nothing was read, and so not the event that was to stand
    /// there.</exception>
    public void ThrowIfHeadWanted()
    {
        if (anchor is not null) throw new HeadNotFoundException(stream, Revision.From(first));
    }

    /// <summary>Without a tombstone no stream of ours goes away.</summary>
    public LogDamagedException Vanished() => new(StreamName, Next, "The stream went away while it was being read.");

    /// <summary>What a gap before an event is, unless the stream turns out to have been deleted meanwhile.</summary>
    private LogDamagedException Gap(StoredEvent stored) => Next == 0
        ? new(StreamName, Next, $"The stream is truncated: it begins at revision {stored.Revision}.") { IsTruncation = true }
        : new(StreamName, Next, $"The event is missing; the next one there is {stored.Revision}.");

    internal static LogDamagedException Changed(StoredEvent stored)
    {
        StreamCodec.RefuseOtherVersion(stored);
        return new LogDamagedException(stored.Stream, stored.Revision,
            "Its hash does not fit: the event is not the one that was written here, or the one before it is not.");
    }

    public void Dispose() => chain.Dispose();
}
