
namespace EventSourcedStreams.Domain;

/// <summary>What an append expects of its stream.</summary>
public readonly record struct ExpectedRevision
{
    private ExpectedRevision(long value) => Value = value;

    /// <summary>-2: whatever is there.</summary>
    public static ExpectedRevision Any => new(-2);

    /// <summary>-1: nothing was ever there, or it was deleted without a tombstone.</summary>
    public static ExpectedRevision NoStream => new(-1);

    /// <summary>-4: something was ever there, if only metadata; else as <see cref="Any"/>.</summary>
    public static ExpectedRevision StreamExists => new(-4);

    /// <summary>A revision from 0, or -1 for <see cref="NoStream"/>, -2 for <see cref="Any"/>, -4 for <see cref="StreamExists"/>.</summary>
    public long Value { get; }

    /// <summary>Not bound to one revision.</summary>
    internal bool IsLoose => Value is -2 or -4;

    /// <summary>The stream's last revision is exactly this one; <see cref="Revision.None"/> means no stream.</summary>
    public static ExpectedRevision Exactly(Revision revision) => new(revision.Value);
}

/// <summary>How an append of bytes ended.</summary>
public abstract record StoreAppendResult
{
    private StoreAppendResult() { }

    /// <param name="Last">The revision of the append's last event.</param>
    public sealed record Appended(long Last, LogPosition Position) : StoreAppendResult;

    /// <param name="Actual">The stream's last revision; -1 for none.</param>
    public sealed record Conflict(long Actual) : StoreAppendResult;

    public sealed record Deleted : StoreAppendResult;

    /// <summary>Not known: the same append again finds out.</summary>
    public sealed record Unknown(string Why, Exception? Cause) : StoreAppendResult;
}

/// <summary>What a read of one page found.</summary>
public abstract record StoreRead
{
    private StoreRead() { }

    /// <param name="AtEnd">Nothing further lies in the reading direction, as far as this reader saw.</param>
    public sealed record Page(IReadOnlyList<StoredEvent> Events, bool AtEnd) : StoreRead;

    /// <summary>No such stream, or none yet.</summary>
    public sealed record Missing : StoreRead;

    public sealed record Tombstoned : StoreRead;
}

/// <summary>What <see cref="IEventStoreReader.FollowAllAsync"/> delivers: the streams whose names begin with a prefix, without some types.</summary>
/// <param name="StreamPrefixes">Ordinal; an empty list means every stream.</param>
/// <param name="ExceptTypes">Types that are not delivered, nor fetched where the log can do so.</param>
public sealed record StoreFilter(IReadOnlyList<string> StreamPrefixes, IReadOnlyList<string> ExceptTypes)
{
    public bool Matches(string stream, string type) =>
        (StreamPrefixes.Count == 0 || StreamPrefixes.Any(prefix => stream.StartsWith(prefix, StringComparison.Ordinal)))
        && !ExceptTypes.Contains(type, StringComparer.Ordinal);
}

/// <param name="MaxCount">Events kept, the newest; at least 1.</param>
/// <param name="MaxAge">By the log's clock.</param>
public sealed record StreamLimits(int? MaxCount, TimeSpan? MaxAge);

/// <summary>Ends <see cref="IEventStoreReader.FollowAsync"/> after all that was delivered: the stream is gone for ever.</summary>
public sealed class StreamTombstonedException(string stream) : Exception($"Stream {stream} has a tombstone.");
