using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class DriveStream
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder group) => group.MapPost("/{id}/drive", HandleAsync)
        .WithName("DriveStream")
        .AnswersLong()
        .WithSummary("Drive a stream")
        .WithDescription(
            "Claims the stream and runs its source, once for ever. Answers with the text as it comes: raw (a clean end means done, a cut "
            + "connection anything else), or with Accept: text/event-stream as events (text, saved, end). With source upload the request "
            + "body is the text (any charset, gzip, deflate or br), and the answer is how it ended; Accept: text/plain echoes it. Leaving does "
            + "not cancel.")
        .Accepts<string>(isOptional: true, "text/plain", "*/*")
        .Produces<string>(StatusCodes.Status200OK, "text/plain", "text/event-stream", "application/json")
        .AnswersProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
            StatusCodes.Status410Gone, StatusCodes.Status413PayloadTooLarge,
            StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id,
        [FromQuery, Description("replace: bytes of an upload that are no text become U+FFFD, rather than an error.")] string? invalid,
        [FromQuery(Name = "continue"), Description("true: an upload goes on after a lost connection; Upload-Offset says where.")] string? continued,
        [FromQuery, Description("utf16: saved and end also have chars, lengths in UTF-16 code units; not of an upload. Default: bytes.")] string? units,
        [FromQuery, Description("true, with Accept: text/event-stream: also what is said beside the text, as events part, part-text and part-end; saved then has the parts that are open.")] string? parts,
        HttpContext http,
        EngineAccess access,
        IOptions<TextStreamsHttpOptions> options)
    {
        var stream = StreamIds.Parse(id);
        var isUtf16 = OffsetUnits.AreUtf16(units);
        var engine = access.Current;
        var wish = DriverFormats.Of(http.Request);
        var shown = AskedParts.Parse(parts, http);
        if (shown is not null && wish != DriverFormat.Events)
            return Refusals.Invalid("parts", "Parts are sent as events: ask for them with Accept: text/event-stream, or leave parts out.");
        var replacesInvalid = Is(invalid, "replace", "invalid");
        var isContinued = Is(continued, "true", "continue");
        LiftServerLimits(http);
        if (isContinued || GoesOn(http.Request, access, stream))
        {
            UploadHeaders.RequirePlainUtf8(http.Request, replacesInvalid);
            return await new ContinueUpload(http, stream, engine, access.Uploads).RunAsync();
        }

        using var body = new UploadBody(http.Request, replacesInvalid, engine.Options.Driving.MaxLength, RequestSizes.Of(http).UploadBytes);
        bool? wantsText = wish == DriverFormat.Text ? true : null;
        var result = await LimitedDrives.DriveAsync(http, stream, () => engine.Drivers.DriveAsync(
            stream, body, http.Request.ContentType, wantsText, Callers.Of(http), http.RequestAborted, wantsParts: shown is not null));
        if (result is not DriveResult.Driving driving) return Refused(result, stream, http, engine);

        using var leaving = http.RequestAborted.UnsafeRegister(static output => ((ClientQueue)output!).Drop(), driving.Output);
        using var connection = new DriverConnection(http, stream, driving, options.Value, engine.Time);
        if (driving.TakesBody && wish == DriverFormat.Unspecified) return await EndedAsync(connection, stream, http, engine);

        if (driving.TakesBody) await Task.WhenAny(body.Asked, driving.Finished);
        if (wish == DriverFormat.Events) await connection.SendEventsAsync(isUtf16 && driving.Output.WantsText ? new DriverChars() : null, shown);
        else await connection.SendTextAsync();
        return Results.Empty;
    }

    /// <summary>A later request of a continued upload need not say that it is one.</summary>
    private static bool GoesOn(HttpRequest request, EngineAccess access, StreamId stream) =>
        request.Headers.ContainsKey(UploadHeaderNames.Offset) && access.Uploads.Find(stream) is not null;

    private static bool Is(string? given, string value, string parameter) => given switch
    {
        null or "" or "false" => false,
        _ when given == value => true,
        _ => throw new RefusedException(Refusals.Invalid(parameter, $"{parameter} is {value}, or is left out.")),
    };

    internal static Refusal Refused(DriveResult result, StreamId id, HttpContext http, StreamEngine engine) => result switch
    {
        DriveResult.UnknownStream => Refusals.UnknownStream(id),
        DriveResult.Deleted => Refusals.Deleted(),
        DriveResult.AlreadyDriven => Refusals.AlreadyDriven(StreamAddresses.OfEvents(http, id)),
        DriveResult.AlreadyEnded(var status) => Refusals.StreamEnded(status, StreamAddresses.OfEvents(http, id)),
        DriveResult.UnknownSource(var name) => Refusals.UnknownSource(name, engine.Drivers.SourceNames),
        DriveResult.Unavailable(var why) => Refusals.Unavailable(why),
        _ => throw new System.Diagnostics.UnreachableException($"{result} is no refusal."),
    };

    /// <summary>How an upload ended, in one answer.</summary>
    private static async Task<IResult> EndedAsync(DriverConnection connection, StreamId id, HttpContext http, StreamEngine engine)
    {
        switch (await connection.EndAsync())
        {
            case null: return Results.Empty;
            case { Status: null }: return Refusals.Unavailable("The event log did not answer in time; ask for the stream's status later.");
            case { Status: { } status, Error: var error }:
                return RefusalOf(id, status, error, http) as IResult ?? await StoredEnding.FindAsync(engine, id, http.RequestAborted);
        }
    }

    /// <summary>What an upload is answered that has ended otherwise than well; null where it has ended well.</summary>
    internal static Refusal? RefusalOf(StreamId id, StreamStatus status, StreamFailure? error, HttpContext http) => (status, error?.Code) switch
    {
        (StreamStatus.Done, _) => null,
        (StreamStatus.Deleted, _) => Refusals.Deleted(),
        (_, "invalid-utf8") => Refusals.InvalidUtf8(error!.Message, status.Name()),
        (_, "invalid-text" or "invalid-encoding" or "upload-interrupted") => Refusals.InvalidUpload(error!.Code, error.Message, status.Name()),
        (_, "too-long") => Refusals.TooLong(error!.Message, status.Name()),
        _ => Refusals.StreamEnded(status, StreamAddresses.OfEvents(http, id), error?.Message),
    };

    /// <summary>A text may be quiet for long and of any length: our own limits hold, on time (the idle timeout) and
    /// size.</summary>
    /// <exception cref="RefusedException">The body says that it is larger than one may be.</exception>
    private static void LiftServerLimits(HttpContext http)
    {
        var most = RequestSizes.Of(http).UploadBytes;
        if (http.Request.ContentLength > most)
            throw new RefusedException(Refusals.TooLarge(null, $"A request of an upload has at most {most} bytes here. Send the text in several: continue=true."));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } request) request.MinDataRate = null;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } response) response.MinDataRate = null;
    }
}
