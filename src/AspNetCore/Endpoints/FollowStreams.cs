using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class FollowStreams
{
    /// <summary>Below the prefix. No stream has the id <c>-</c>: ids begin with a letter or digit.</summary>
    public const string Pattern = "/-/follow";

    public static void Map(RouteGroupBuilder group) => group.MapPost(Pattern, HandleAsync)
        .WithName("FollowStreams")
        .AnswersLong()
        .WithSummary("Follow several streams")
        .WithDescription(
            "Server-sent events of up to 100 streams in one answer. Each event's data has stream and cursor, with which it is gone on after: ask "
            + "again with your own cursors after a cut. over stands for what a single follower is answered with 204, error for a refusal; after "
            + "end, over or error nothing more comes of that stream, and the answer ends when that is so of all.")
        .Accepts<FollowBody>(isOptional: false, "application/json", JsonBody.CheckedHere)
        .Produces<SharedEventView>(StatusCodes.Status200OK, Sse.ContentType)
        .AnswersProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
            StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        [FromQuery, Description("utf16: text and end also have chars, offset or length in UTF-16 code units. Default: bytes.")] string? units,
        [FromQuery, Description("true: also what is said beside the text, as events part, part-text and part-end.")] string? parts,
        HttpContext http,
        EngineAccess access,
        IOptions<TextStreamsHttpOptions> options,
        ILogger<SharedFollowing> logger)
    {
        var isUtf16 = OffsetUnits.AreUtf16(units);
        var withParts = AskedParts.Parse(parts, http) is not null;
        var streams = FollowRequest.Parse(await JsonBody.ReadAsync(http.Request, http.RequestAborted));
        if (streams.All(stream => stream.Token is null)
            && http.RequestServices.GetService<IFollowAdmission>() is { } admission
            && !await admission.AdmitAsync(http))
            return Results.Empty;
        if (access.IsCleared) return Refusals.Unavailable("The server is stopping.");

        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, access.Cleared);
        try
        {
            await new SharedFollowing(http, access, streams, isUtf16, withParts, options.Value, logger).RunAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The client is gone; or the server stops, and ends the answer well, so that the client comes again.
            if (!http.Response.HasStarted) return Refusals.Unavailable("The server is stopping.");
        }

        return Results.Empty;
    }
}
