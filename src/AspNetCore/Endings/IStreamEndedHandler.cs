namespace EventSourcedStreams;

/// <summary>
/// Called for every stream that ends, on one node, at least once: for billing, or for saving the message. Added by
/// <c>OnEnded</c>; made once, with the app's services.
/// </summary>
public interface IStreamEndedHandler
{
    /// <summary>Returning is what marks the ending as handled; throwing has it delivered again, later.</summary>
    /// <param name="stream">As it ended: its status, finish reason, length and labels.</param>
    /// <param name="ct">Fires when the app stops.</param>
    Task HandleAsync(StreamSummary stream, CancellationToken ct);
}
