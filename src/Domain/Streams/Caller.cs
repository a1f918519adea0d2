using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>An actor that asks for something, as the log records it.</summary>
/// <param name="Actor">As authenticated, cut to 256 bytes of UTF-8 where it is stored; else <c>anonymous</c>.</param>
/// <param name="CorrelationId">What ties the request to others, as a trace id, cut likewise; null: nothing.</param>
public sealed record Caller(string Actor, string? CorrelationId = null)
{
    /// <summary>A caller without a name, recorded as <c>anonymous</c>.</summary>
    public static Caller Anonymous { get; } = new(EventContext.Anonymous);
}
