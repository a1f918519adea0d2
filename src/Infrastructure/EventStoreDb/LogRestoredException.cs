using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>Ends <see cref="IEventStoreReader.FollowAllAsync"/>: what it delivered is not in the log any more. Check
/// the place and follow anew.</summary>
internal sealed class LogRestoredException()
    : Exception("The event log no longer holds what it has delivered: an older state of it was restored.");
