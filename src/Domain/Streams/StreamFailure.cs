using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams;

/// <summary>Why a stream did not end well.</summary>
/// <param name="Code">Stable; clients tell cases apart by it.</param>
/// <param name="By">The actor that cancelled it, as authenticated; null for any other ending.</param>
public sealed record StreamFailure(string Code, string Message, string? By = null)
{
    /// <summary>The code for a stream into which another program has written.</summary>
    internal const string ForeignEvent = "foreign-event";

    /// <summary>The ending that the stream was given has no stored form; another one stands for it.</summary>
    internal const string UnstorableEnd = "unstorable-end";

    /// <summary>Null for an ending that is no failure.</summary>
    internal static StreamFailure? Of(StreamEvent ending) => ending switch
    {
        StreamFailed e => new(e.Code, e.Message),
        StreamCancelled e => new("cancelled", e.Reason ?? "The stream was cancelled.", e.By),
        StreamTimedOut { MaxDuration: { } most } => new("timeout", $"It had not ended {most.TotalSeconds:0.###} s after its start, its longest duration."),
        StreamTimedOut e => new("timeout", $"Nothing came for {e.IdleFor.TotalSeconds:0.###} s."),
        _ => null,
    };
}
