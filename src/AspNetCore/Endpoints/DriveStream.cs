using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class DriveStream
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id}/drive", HandleAsync)
        .WithName("DriveStream")
        .AnswersLong()
        .WithSummary("Drive a stream")
        .WithDescription(
            "Claims the stream and runs its source, once for ever. Answers with the text as it comes: raw (a clean end means done, a cut "
            + "connection anything else), or with Accept: text/event-stream as events (text, saved, end). With source upload the request "
            + "body is the text, and the answer is how it ended; Accept: text/plain echoes it. Leaving does not cancel.")
        .Accepts<string>(isOptional: true, "text/plain", "*/*")
        .Produces<string>(StatusCodes.Status200OK, "text/plain", "text/event-stream", "application/json")
        .AnswersProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
            StatusCodes.Status410Gone, StatusCodes.Status413PayloadTooLarge,
            StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id, HttpContext http, EngineAccess access, IOptions<TextStreamsHttpOptions> options)
    {
        var stream = StreamIds.Parse(id);
        var engine = access.Current;
        var wish = DriverWishes.Of(http.Request);
        LiftServerLimits(http);
        var body = new AwaitedBody(http.Request.Body);
        bool? wantsText = wish == DriverWish.Text ? true : null;
        var result = await engine.Drivers.DriveAsync(
            stream, body, http.Request.ContentType, wantsText, Callers.Of(http), http.RequestAborted);
        if (result is not DriveResult.Driving driving) return Refused(result, stream, http, engine);

        using var leaving = http.RequestAborted.UnsafeRegister(static output => ((ClientQueue)output!).Drop(), driving.Output);
        var connection = new DriverConnection(http, stream, driving, options.Value, engine.Time);
        if (driving.TakesBody && wish == DriverWish.Unsaid) return await EndedAsync(connection, stream, http, engine);

        if (driving.TakesBody) await Task.WhenAny(body.Asked, driving.Finished);
        if (wish == DriverWish.Events) await connection.SendEventsAsync();
        else await connection.SendTextAsync();
        return Results.Empty;
    }

    private static Refusal Refused(DriveResult result, StreamId id, HttpContext http, StreamEngine engine) => result switch
    {
        DriveResult.UnknownStream => Refusals.UnknownStream(id),
        DriveResult.Deleted => Refusals.Deleted(),
        DriveResult.AlreadyDriven => Refusals.AlreadyDriven(Addresses.OfEvents(http.Request)),
        DriveResult.AlreadyEnded(var status) => Refusals.StreamEnded(status, Addresses.OfEvents(http.Request)),
        DriveResult.UnknownSource(var name) => Refusals.UnknownSource(name, engine.Drivers.SourceNames),
        DriveResult.Unavailable(var why) => Refusals.Unavailable(why),
        _ => throw new System.Diagnostics.UnreachableException($"{result} is no refusal."),
    };

    /// <summary>How an upload ended, in one answer.</summary>
    private static async Task<IResult> EndedAsync(DriverConnection connection, StreamId id, HttpContext http, StreamEngine engine)
    {
        var end = await connection.EndAsync();
        var status = end?.Status?.Name() ?? "unknown";
        switch (end)
        {
            case null: return Results.Empty;
            case { Status: null }: return Refusals.Unavailable("The event log did not answer in time; ask for the stream's status later.");
            case { Status: StreamStatus.Deleted }: return Refusals.Deleted();
            case { Status: StreamStatus.Done }: return await StoredEnding.FindAsync(engine, id, http.RequestAborted);
            case { Error: { Code: "invalid-utf8" } error }: return Refusals.InvalidUtf8(error.Message, status);
            case { Error: { Code: "too-long" } error }: return Refusals.TooLong(error.Message, status);
            default: return Refusals.StreamEnded(end.Status.Value, Addresses.OfEvents(http.Request), end.Error?.Message);
        }
    }

    /// <summary>A text may be quiet for long and of any length: our own limits hold, on time (the idle timeout) and size.</summary>
    private static void LiftServerLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } request) request.MinDataRate = null;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } response) response.MinDataRate = null;
    }
}
