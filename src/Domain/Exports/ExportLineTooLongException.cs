namespace EventSourcedStreams.Domain;

/// <summary>An event is so long that its line could not be read again.</summary>
internal sealed class ExportLineTooLongException(string message) : Exception(message);
