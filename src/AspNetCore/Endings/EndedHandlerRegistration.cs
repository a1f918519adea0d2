namespace EventSourcedStreams.AspNetCore;

/// <summary>A handler that <c>OnEnded</c> added, one a type; it is a singleton of the app's services.</summary>
/// <param name="Handler">Implements <see cref="IStreamEndedHandler"/>.</param>
internal sealed record EndedHandlerRegistration(Type Handler);
