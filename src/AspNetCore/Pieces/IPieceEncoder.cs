using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Makes a piece's bytes of its events, in order.</summary>
internal interface IPieceEncoder
{
    void Add(RecordedEvent recorded);

    /// <summary>All bytes; nothing is added any more.</summary>
    byte[] Finish();
}
