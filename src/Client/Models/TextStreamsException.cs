using System.Net;

namespace EventSourcedStreams.Client;

/// <summary>A server has refused a request, or what answered is no server of this API.</summary>
public sealed class TextStreamsException : Exception
{
    internal TextStreamsException(StreamProblem problem, TimeSpan? retryAfter = null)
        : base($"{problem.Status} {problem.Code}: {problem.Detail ?? problem.Title}") => (Problem, RetryAfter) = (problem, retryAfter);

    public StreamProblem Problem { get; }

    /// <summary>When to try again, as the server said; null: it did not.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Trying the same again later may do.</summary>
    public bool IsTransient => (HttpStatusCode)Problem.Status
        is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
