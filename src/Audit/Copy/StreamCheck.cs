using System.Diagnostics;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>A stream's events as they pass: the hash chain, revisions without gap, and that each may follow the one before.</summary>
internal sealed class StreamCheck(StreamPrefix prefix, StreamId stream) : IDisposable
{
    private readonly StreamReading reading = new(prefix, stream, Revision.None);
    private StreamState state = new StreamState.Missing();

    /// <summary>Of the last event that was taken.</summary>
    public StreamHead Head { get; private set; } = StreamHead.None;

    /// <exception cref="LogDamagedException">Names the event that cannot be what was written here.</exception>
    public void Take(StoredEvent stored)
    {
        var recorded = reading.Take(stored)!;
        if (recorded.Event is StreamEvent.StreamCreated created && created.Id != stream)
            throw new LogDamagedException(stored.Stream, stored.Revision, $"it is the creation of another stream, {created.Id}.");
        try
        {
            state = TextStream.Evolve(state, recorded.Event);
        }
        catch (UnreachableException)
        {
            throw new LogDamagedException(stored.Stream, stored.Revision, $"a {stored.Type} as this one cannot follow what is before it.");
        }

        Head = new StreamHead(recorded.Revision, recorded.Hash);
    }

    public void Dispose() => reading.Dispose();
}
