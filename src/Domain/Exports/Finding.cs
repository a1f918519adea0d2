namespace EventSourcedStreams.Domain;

/// <summary>Something that cannot be as it was written.</summary>
/// <param name="Code">One of <see cref="FindingCode"/>.</param>
/// <param name="Stream">A text's id; the log's own name where it is no text of the prefix; null where it concerns no
/// one stream.</param>
internal sealed record Finding(string Code, string? Stream, long? Revision, string Expected, string Found);

/// <summary>What kinds of findings there are. Scripts depend on these names: they never change.</summary>
internal static class FindingCode
{
    /// <summary>A revision is missing, or stands twice.</summary>
    public const string Revision = "revision";

    /// <summary>An event stands before one with a smaller revision.</summary>
    public const string Order = "order";

    /// <summary>The event is not the one that was written here, or the one before it is not.</summary>
    public const string Hash = "hash";

    public const string Metadata = "metadata";

    public const string ContentType = "content-type";

    /// <summary>The data is not of its type's shape.</summary>
    public const string Data = "data";

    /// <summary>The event cannot follow the one before: order, index, offset, length, chunks, a second
    /// ending.</summary>
    public const string Transition = "transition";

    public const string Epoch = "epoch";

    /// <summary>Another program has written the event: over EventStoreDB's protocol, or because its own streams have
    /// our prefix.</summary>
    public const string Foreign = "foreign";

    /// <summary>The store has the event, and cannot give it.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The stream does not end where the store says that it does.</summary>
    public const string Head = "head";

    /// <summary>A tombstone contradicts what is left of its stream.</summary>
    public const string Tombstone = "tombstone";

    /// <summary>A stream that was asked for, or that the store names, and of which there is nothing.</summary>
    public const string Missing = "missing";

    /// <summary>The tables of an embedded log contradict each other.</summary>
    public const string Tables = "tables";

    /// <summary>SQLite finds the file damaged.</summary>
    public const string Database = "database";

    /// <summary>An export is not as exports are written: a line's form, the order of its streams, what its last line
    /// counts.</summary>
    public const string Export = "export";

    /// <summary>An export is not the file that its last line was written for.</summary>
    public const string Digest = "digest";

    /// <summary>Against a statement: another event stands where the stream ended then.</summary>
    public const string Changed = "changed";

    /// <summary>Against a statement: the stream ends before where it ended then.</summary>
    public const string Cut = "cut";

    /// <summary>Against a statement: the stream is not there any more, and there is no tombstone.</summary>
    public const string Gone = "gone";

    /// <summary>Against a statement: a tombstone, and nothing names the actor of the deletion.</summary>
    public const string DeletedByUnknown = "deleted-by-unknown";

    /// <summary>Against a statement: it was deleted then, otherwise than now, or is there again.</summary>
    public const string Revived = "revived";

    /// <summary>Against a statement: it is of another log.</summary>
    public const string OtherLog = "other-log";

    /// <summary>The statement itself: its signature, its digest, or its link to the one before does not fit.</summary>
    public const string Statement = "statement";
}
