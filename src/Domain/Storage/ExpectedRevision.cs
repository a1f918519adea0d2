namespace EventSourcedStreams.Domain;

/// <summary>What an append expects of its stream.</summary>
internal readonly record struct ExpectedRevision
{
    private ExpectedRevision(long value) => Value = value;

    /// <summary>-2: whatever is there.</summary>
    public static ExpectedRevision Any => new(-2);

    /// <summary>-1: nothing was ever there, or it was deleted without a tombstone.</summary>
    public static ExpectedRevision NoStream => new(-1);

    /// <summary>-4: something was ever there, if only metadata; else as <see cref="Any"/>.</summary>
    public static ExpectedRevision StreamExists => new(-4);

    /// <summary>A revision from 0, or -1 for <see cref="NoStream"/>, -2 for <see cref="Any"/>, -4 for
    /// <see cref="StreamExists"/>.</summary>
    public long Value { get; }

    /// <summary>Not bound to one revision.</summary>
    internal bool IsLoose => Value is -2 or -4;

    /// <summary>The stream's last revision is exactly this one; <see cref="Revision.None"/> means no stream.</summary>
    public static ExpectedRevision Exactly(Revision revision) => new(revision.Value);
}
