using System.Net;

namespace EventSourcedStreams.Client;

/// <summary>Why a server refused a request (RFC 9457).</summary>
public sealed record StreamProblem
{
    /// <summary>Stable, as <c>/problems/unknown-stream</c>; tell cases apart by <see cref="Code"/>.</summary>
    public string Type { get; init; } = "about:blank";

    public string Title { get; init; } = "";

    public int Status { get; init; }

    /// <summary>What to do.</summary>
    public string? Detail { get; init; }

    /// <summary>The field, parameter or header at fault.</summary>
    public string? Field { get; init; }

    /// <summary>The stream's status, where that is why.</summary>
    public StreamStatus? StreamStatus { get; init; }

    /// <summary>The last part of <see cref="Type"/>, as <c>unknown-stream</c>.</summary>
    public string Code => Type[(Type.LastIndexOf('/') + 1)..];
}

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
