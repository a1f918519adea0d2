using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>No bytes, but the events as they are.</summary>
internal sealed class RecordedEvents : IPieceEncoder
{
    public List<RecordedEvent> All { get; } = [];

    public void Add(RecordedEvent recorded) => All.Add(recorded);

    public byte[] Finish() => [];
}
