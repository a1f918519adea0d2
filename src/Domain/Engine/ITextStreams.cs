using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>
/// An app's text streams, as the packages beside them see them: <c>TextStreams</c> is one. An app's own code uses that
/// class itself.
/// </summary>
public interface ITextStreams
{
    /// <exception cref="LogUnavailableException">There is no engine now.</exception>
    internal StreamEngine Engine { get; }

    /// <summary>A stream's events from its first on, live or ended: its life, its text, and what is said beside it.
    /// Ends behind the stream's ending. While the event log is away it waits.</summary>
    /// <exception cref="ArgumentException">There is no such stream.</exception>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    /// <exception cref="LogUnavailableException">The log does not answer at first, or the server stops.</exception>
    internal IAsyncEnumerable<RecordedEvent> EventsAsync(StreamId id, CancellationToken ct);
}
