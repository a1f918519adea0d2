using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Why a request gets no other answer, as <c>application/problem+json</c>.</summary>
/// <param name="Type">The last segment of the problem's type: stable, clients tell cases apart by it.</param>
/// <param name="Title">What it is, the same for every occurrence.</param>
/// <param name="Detail">What to do.</param>
internal sealed record Refusal(int StatusCode, string Type, string Title, string Detail) : IResult
{
    /// <summary>Relative, so that it needs no host name of the project's own.</summary>
    private const string TypePrefix = "/problems/";

    /// <summary>The field, parameter or header that is at fault.</summary>
    public string? Field { get; init; }

    /// <summary>The stream's status. Not <c>status</c>: that member of a problem is the HTTP status code (RFC
    /// 9457).</summary>
    public string? StreamStatus { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public string? Link { get; init; }

    public string? Allow { get; init; }

    public string? AcceptEncoding { get; init; }

    public ProblemDocument Document => new(TypePrefix + Type, Title, StatusCode, Detail, Field, StreamStatus);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentLength = null;                                           // of an answer that was to be
        response.Headers.ETag = default;
        response.StatusCode = StatusCode;
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Link is not null) response.Headers.Link = Link;
        if (Allow is not null) response.Headers.Allow = Allow;
        if (AcceptEncoding is not null) response.Headers.AcceptEncoding = AcceptEncoding;
        await response.WriteJsonAsync(
            Document,
            WireJson.Relaxed.ProblemDocument,
            "application/problem+json",
            httpContext.RequestAborted);
    }
}
