namespace EventSourcedStreams.Domain;

/// <summary>
/// Checks one text's events, given in order, wherever they come from: a store or an export. After each finding it goes
/// on from what is there, so that one damage is one finding and the next is found too.
/// </summary>
/// <param name="report">Called for each finding, at once: there may be as many as events.</param>
/// <param name="isRest">What a removal has left of a deleted stream: it may begin anywhere.</param>
internal sealed class StreamVerifier(StreamId stream, Action<Finding> report, bool isRest = false) : IDisposable
{
    private readonly HashChain chain = new(stream);
    private readonly HistoryRules rules = new(stream, isRest);
    private ChainHash? previous = isRest ? null : ChainHash.Origin;
    private bool mayBeginAnywhere = isRest;

    /// <summary>The revision that has to come next.</summary>
    public long Next { get; private set; }

    /// <summary>The last event's revision; -1 before the first.</summary>
    public long Revision => Next - 1;

    /// <summary>The last event's hash as it stands there; null before the first, and where it cannot be read.</summary>
    public ChainHash? Hash { get; private set; }

    /// <summary>As far as the last event that can be read says; null before the first.</summary>
    public StreamStatus? Status => rules.Status;

    /// <summary>Where the last event stands in its log.</summary>
    public LogPosition Position { get; private set; }

    public long Events { get; private set; }

    /// <summary>Data and metadata.</summary>
    public long Bytes { get; private set; }

    public long Findings { get; private set; }

    /// <param name="stored">A position of <see cref="LogPosition.Start"/> means that its place in a log is not
    /// known.</param>
    public void Check(StoredEvent stored)
    {
        Events++;
        Bytes += stored.Size;
        CheckRevision(stored.Revision);
        CheckPosition(stored);
        if (EventKinds.Find(stored.Type) is null && ForeignEvents.IsForeign(stored))
        {
            Report(FindingCode.Foreign, stored.Revision, "an event of this program", $"an event of type '{ForeignEvents.Shown(stored.Type)}', which another program has written");
            Lose();
            return;
        }

        var metadata = ReadMetadata(stored);
        CheckHash(stored);
        if (stored.ContentType != StoredTypes.Json)
            Report(FindingCode.ContentType, stored.Revision, StoredTypes.Json, stored.ContentType);
        CheckEvent(stored, metadata);
    }

    /// <summary>In place of an event that the store has and cannot give.</summary>
    public void Unreadable(long revision, string what)
    {
        CheckRevision(revision);
        Report(FindingCode.Unreadable, revision, "the event that was written", what);
        Lose();
    }

    /// <summary>Something about the stream that its events do not show.</summary>
    public void Report(string code, long? revision, string expected, string found)
    {
        Findings++;
        report(new Finding(code, stream.Value, revision, expected, found));
    }

    /// <summary>What has been seen so far, of a stream without a tombstone.</summary>
    public VerifiedStream Result()
    {
        var head = Hash is { } hash ? new StreamHead(EventSourcedStreams.Revision.From(Revision), hash) : (StreamHead?)null;
        var deletion = rules.Deleted is { } deleted && head is { } last ? new Deletion(deleted.By, deleted.At, last) : null;
        return new VerifiedStream(stream, Status, head, IsTombstoned: false, deletion, Events, Bytes, Findings, Position);
    }

    public void Dispose() => chain.Dispose();

    private void CheckRevision(long revision)
    {
        if (mayBeginAnywhere)
        {
            mayBeginAnywhere = false;
        }
        else if (revision > Next)
        {
            Report(FindingCode.Revision, Next, $"the event of revision {Next}", Next == 0
                ? $"the stream begins at revision {revision}"
                : $"revision {revision} follows {Next - 1}");
            Lose();
        }
        else if (revision < Next)
        {
            Report(FindingCode.Revision, revision, $"the event of revision {Next}", $"revision {revision} once more");
        }

        Next = Math.Max(Next, revision + 1);
    }

    private void CheckPosition(StoredEvent stored)
    {
        if (stored.Position == LogPosition.Start) return;
        if (stored.Position <= Position)
            Report(FindingCode.Order, stored.Revision, $"a position in the log after {Position.Commit}", $"{stored.Position.Commit}");
        else
            Position = stored.Position;
    }

    private EventMetadata? ReadMetadata(StoredEvent stored)
    {
        try
        {
            return EventMetadata.Read(stored.Metadata);
        }
        catch (UndecodableException e)
        {
            Report(FindingCode.Metadata, stored.Revision, "v, at, node, epoch and actor, as this program writes them", e.Message);
            return null;
        }
    }

    private void CheckHash(StoredEvent stored)
    {
        if (StoredHash(stored) is not var (hash, covered))
        {
            previous = Hash = null;
            return;
        }

        if (previous is { } before)
        {
            var computed = chain.Next(
                before, stored.Revision, stored.Id, stored.Type, stored.ContentType, stored.Data.Span, stored.Metadata.Span[..covered]);
            if (computed != hash) Report(FindingCode.Hash, stored.Revision, $"hash {computed}", $"{hash}");
        }

        previous = Hash = hash;
    }

    private (ChainHash Hash, int Covered)? StoredHash(StoredEvent stored)
    {
        try
        {
            return EventMetadata.ReadHash(stored.Metadata);
        }
        catch (UndecodableException e)
        {
            Report(FindingCode.Hash, stored.Revision, "a hash at the end of the metadata", e.Message);
            return null;
        }
    }

    private void CheckEvent(StoredEvent stored, EventMetadata? metadata)
    {
        try
        {
            var @event = JsonFields.Read(
                stored.Data, "data", data => StreamEventReading.Read(stored.Type, data, metadata?.At ?? stored.Created));
            foreach (var (code, expected, found) in rules.Check(@event, metadata?.Context.Epoch))
                Report(code, stored.Revision, expected, found);
        }
        catch (UndecodableException e)
        {
            Report(FindingCode.Data, stored.Revision, $"the fields of {stored.Type}", e.Message);
            rules.Lose();
        }
    }

    /// <summary>What comes before the next event is not known.</summary>
    private void Lose()
    {
        previous = Hash = null;
        rules.Lose();
    }
}
