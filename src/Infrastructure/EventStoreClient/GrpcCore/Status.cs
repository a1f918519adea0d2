namespace Grpc.Core;

/// <summary>A code and the sender's words.</summary>
public readonly struct Status(StatusCode statusCode, string detail, Exception? debugException)
{
    public Status(StatusCode statusCode, string detail) : this(statusCode, detail, null)
    {
    }

    public StatusCode StatusCode { get; } = statusCode;

    public string Detail { get; } = detail;

    /// <summary>What went wrong on this side, such as the connection's fault.</summary>
    public Exception? DebugException { get; } = debugException;

    public override string ToString() => $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")";
}
