using System.ComponentModel;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

internal static class CancelStream
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id}/cancel", HandleAsync)
        .WithName("CancelStream")
        .WithSummary("Cancel a stream")
        .WithDescription(
            "Ends a stream, on whichever node it is driven; its text so far is kept. Answers once the ending is durable. A stream that has "
            + "its ending keeps it, and is answered with its true status.")
        .Accepts<CancelBody>(isOptional: true, "application/json", JsonBody.CheckedHere)
        .Produces<StreamView>()
        .AnswersProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status410Gone,
            StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
            StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id, HttpContext http, EngineAccess access, CancellationToken ct)
    {
        var stream = StreamIds.Parse(id);
        var reason = Reason(await JsonBody.ReadAsync(http.Request, ct));
        var engine = access.Current;
        return await engine.Endings.CancelAsync(stream, reason, Callers.Of(http), ct) switch
        {
            EndResult.UnknownStream => Refusals.UnknownStream(stream),
            EndResult.Deleted => Refusals.Deleted(),
            _ => await StoredEnding.FindAsync(engine, stream, ct),
        };
    }

    private static string? Reason(JsonElement? body)
    {
        string? reason = null;
        if (body is not { } fields) return null;
        foreach (var field in fields.EnumerateObject())
        {
            if (field.Name != "reason") throw field.Unknown("reason");
            if (field.Value.ValueKind == JsonValueKind.Null) continue;
            reason = field.Text();
            if (Encoding.UTF8.GetByteCount(reason) > TextLimits.MessageBytes) throw field.Refused($"has at most {TextLimits.MessageBytes} bytes.");
        }

        return reason;
    }

    /// <summary>For the API's description.</summary>
    [Description("Why a stream is cancelled.")]
    internal sealed record CancelBody([property: Description("For people; at most 4 KiB.")] string? Reason = null);
}
