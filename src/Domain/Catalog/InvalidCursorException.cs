namespace EventSourcedStreams.Domain;

/// <summary>A cursor that no page has given out.</summary>
internal sealed class InvalidCursorException() : Exception("The cursor is not one that a list has given out.");
