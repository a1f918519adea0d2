using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Stats;

/// <summary>What one stream's events say of its times, taken as they come.</summary>
internal sealed class StreamMeasures
{
    public StreamSummary? Summary { get; private set; }

    /// <summary>When the first piece of the first chunk came.</summary>
    public DateTimeOffset? FirstTextAt { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    /// <exception cref="LogDamagedException">The event cannot follow.</exception>
    public void Add(RecordedEvent recorded)
    {
        Summary = StreamSummary.Apply(Summary, recorded);
        LastAt = recorded.Event.At;
        if (recorded.Event is ChunkPersisted { Index: 0 } first) FirstTextAt = first.Since;
    }
}
