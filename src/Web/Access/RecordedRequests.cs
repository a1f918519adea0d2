using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>Says of each request what the record of access is to have: what was read, which tokens were made, what was
/// refused.</summary>
internal static class RecordedRequests
{
    public static void UseAccessRecord(this WebApplication app)
    {
        var record = app.Services.GetRequiredService<AccessRecord>();
        app.Use((http, next) =>
        {
            if (record.IsOn && http.GetEndpoint()?.Metadata.GetMetadata<EndpointRight>() is { } right)
                http.Response.OnStarting(() => AddAsync(record, http, right));
            return next(http);
        });
    }

    /// <summary>As an answer begins: one that follows a stream may last for hours.</summary>
    private static Task AddAsync(AccessRecord record, HttpContext http, EndpointRight right)
    {
        var refused = Refused(http.Response.StatusCode, http);
        if (right.IsOfSeveral && refused is null) return Task.CompletedTask;     // each stream is recorded by itself
        var isTold = refused is not null || (http.User.Identity is { IsAuthenticated: true } && right.IsRecorded);
        if (isTold && (refused is not null || http.Response.StatusCode < StatusCodes.Status400BadRequest))
            record.Add(Callers.Of(http).Actor, right.Operation, StreamOf(http), http.Connection.RemoteIpAddress?.ToString(), refused);
        return Task.CompletedTask;
    }

    /// <summary>To a caller that not all streams are for, another's is not there.</summary>
    public static string? Refused(int status, HttpContext http) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthenticated",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status429TooManyRequests => "too-many-requests",
        StatusCodes.Status404NotFound when http.User.HasClaim(claim => claim.Type is AccessClaims.Label or AccessClaims.Stream) => "unknown-stream",
        _ => null,
    };

    private static StreamId? StreamOf(HttpContext http) =>
        http.GetRouteValue("id") is string { Length: > 0 and <= StreamId.MaxChars } id ? new StreamId(id) : null;
}
