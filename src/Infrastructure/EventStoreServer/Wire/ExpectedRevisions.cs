using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventStoreServer;

internal static class ExpectedRevisions
{
    /// <summary>No stream has a larger revision than a tombstone's, so that one is expected in vain.</summary>
    public static ExpectedRevision Exactly(ulong revision) =>
        ExpectedRevision.Exactly(Revision.From((long)Math.Min(revision, long.MaxValue - 1)));
}
