namespace EventSourcedStreams.Sqlite;

/// <summary>The log has another form than when the connection was opened: it has to be opened anew.</summary>
internal sealed class LogFormChangedException() : Exception("The log has been brought up to date meanwhile.");
