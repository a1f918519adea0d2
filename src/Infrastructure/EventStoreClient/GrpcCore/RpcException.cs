namespace Grpc.Core;

/// <summary>
/// A call ended otherwise than well. <see cref="StatusCode.Unavailable"/>: the connection was lost or there was none;
/// <see cref="StatusCode.DeadlineExceeded"/>: no answer in time. Both leave open whether a write took place.
/// </summary>
public class RpcException : Exception
{
    public RpcException(Status status) : this(status, new Metadata(), status.ToString())
    {
    }

    public RpcException(Status status, string message) : this(status, new Metadata(), message)
    {
    }

    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString())
    {
    }

    public RpcException(Status status, Metadata trailers, string message) : base(message, status.DebugException) =>
        (Status, Trailers) = (status, trailers);

    public Status Status { get; }

    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>What the server sent with the status, such as <c>exception</c>.</summary>
    public Metadata Trailers { get; }
}
