namespace EventStore.Client;

/// <summary>A position in a stream or in <c>$all</c>.</summary>
public interface IPosition;
