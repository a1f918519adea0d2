namespace EventSourcedStreams.Audit.Terminal;

/// <summary>Ends the command: the message goes to stderr as one line, and says what to do.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
public sealed class AuditException(string message, int exitCode = ExitCode.CannotRead, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
