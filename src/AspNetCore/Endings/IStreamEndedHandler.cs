namespace EventSourcedStreams;

/// <summary>
/// Is told of every stream that ends, however it does: to save its message, to bill it. Registered by <c>OnEnded</c>;
/// made anew for each stream, in a scope of its own.
/// </summary>
public interface IStreamEndedHandler
{
    /// <summary>
    /// Called once for every stream that ends after the handler's first start, in the log's order, one at a time, on
    /// one node. After a crash, the last calls come again: use the stream's id to do things once. Throwing makes the
    /// same call come again, later and later, up to a minute apart; until it returns no later ending is handed to this
    /// handler.
    /// </summary>
    /// <param name="stream">Status, finish reason, usage, length, labels; the text is in <c>TextStreams.FindAsync</c>.
    /// A stream that was deleted while it ran may have the status deleted, and has no text any more.</param>
    /// <param name="ct">Fires when the server stops and has waited long enough.</param>
    Task HandleAsync(StreamSummary stream, CancellationToken ct);
}
