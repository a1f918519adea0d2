
namespace EventSourcedStreams.Domain;

/// <summary>
/// Checks a text's events as they are read, in order: revisions without gap, the hash chain, the beginning. A reading after revision N
/// starts at N itself, whose stored hash the chain is anchored on.
/// </summary>
/// <param name="head">The hash that the event at <paramref name="after"/> has to have; null: whatever it has.</param>
internal sealed class StreamReading(StreamPrefix prefix, StreamId stream, Revision after, ChainHash? head = null) : IDisposable
{
    private readonly HashChain chain = new(stream);
    private ChainHash? previous = after == Revision.None ? ChainHash.Origin : null;

    public string StreamName { get; } = prefix.Text(stream);

    /// <summary>The revision that has to come next.</summary>
    public long Next { get; private set; } = Math.Max(after.Value, 0);

    public bool HasBegun => Next > Math.Max(after.Value, 0);

    /// <summary>Null for the anchor, which was not asked for.</summary>
    /// <exception cref="LogDamagedException">Something is missing before this event, or it is not what was written.</exception>
    public RecordedEvent? Take(StoredEvent stored)
    {
        if (stored.Revision != Next) throw Gap(stored);

        var anchored = previous;
        var (hash, computed) = StreamCodec.Hashes(chain, anchored ?? ChainHash.Origin, stored);
        if (anchored is null && head is not null && hash != head) throw new HeadNotFoundException(stream, after);
        if (anchored is not null && hash != computed) throw Changed(stored);
        if (stored.Revision == 0 && stored.Type != StoredTypes.StreamCreated)
            throw new LogDamagedException(StreamName, 0, "The stream is truncated: its first event is not its creation.");

        Next++;
        previous = hash;
        return anchored is null ? null : StreamCodec.Decode(stream, stored);
    }

    /// <exception cref="HeadNotFoundException">Nothing was read, and so not the event that was to stand there.</exception>
    public void ThrowIfHeadWanted()
    {
        if (head is not null && after != Revision.None) throw new HeadNotFoundException(stream, after);
    }

    /// <summary>Without a tombstone no stream of ours goes away.</summary>
    public LogDamagedException Vanished() => new(StreamName, Next, "The stream went away while it was being read.");

    /// <summary>What a gap before an event is, unless the stream turns out to have been deleted meanwhile.</summary>
    private LogDamagedException Gap(StoredEvent stored) => new(StreamName, Next, Next == 0
        ? $"The stream is truncated: it begins at revision {stored.Revision}."
        : $"The event is missing; the next one there is {stored.Revision}.");

    private static LogDamagedException Changed(StoredEvent stored)
    {
        StreamCodec.RefuseOtherVersion(stored);
        return new LogDamagedException(stored.Stream, stored.Revision,
            "Its hash does not fit: the event is not the one that was written here, or the one before it is not.");
    }

    public void Dispose() => chain.Dispose();
}
