namespace EventSourcedStreams.EventStoreDb;

/// <summary>Another client has taken the place of the one that this call went to; whether it was done is not
/// known.</summary>
internal sealed class ClientReplacedException(Exception cause) : Exception("The connection to EventStoreDB is being made anew.", cause);
