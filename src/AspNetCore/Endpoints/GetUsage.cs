using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

internal static class GetUsage
{
    private const string Pattern = "/usage";
    private const int MaxLimit = 1000;
    private const int MaxNameChars = 64;

    public static IEnumerable<RouteHandlerBuilder> Map(RouteGroupBuilder group, string prefix)
    {
        yield return group.MapGet(Pattern, HandleAsync)
            .WithName(EndpointNames.Below(prefix, "GetUsage"))
            .WithSummary("What streams have used")
            .WithDescription(
                "Streams that have ended, their bytes and, as far as providers said so, tokens: by day of UTC, source and model, and by the values of a "
                + "label where that is asked. Without texts; of deleted streams nothing is left. Eventually consistent, as the list.")
            .Produces<UsageListView>()
            .AnswersProblems(StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable);
        yield return group.MapMethods(Pattern, [HttpMethods.Head], HandleAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> HandleAsync(
        [FromQuery, Description("Only streams with this label, as user:ann.")] string[]? label,
        [FromQuery, Description("The name of a label by whose values it is counted, as user.")] string? by,
        [FromQuery, Description("Ended at this time (RFC 3339) or later.")] string? from,
        [FromQuery, Description("Ended before this time (RFC 3339).")] string? to,
        [FromQuery, Description("1 to 1000, default 1000.")] string? limit,
        [FromQuery, Description("The nextCursor of the page before.")] string? cursor,
        HttpContext http,
        EngineAccess access,
        CancellationToken ct)
    {
        KnownParameters.Check(http.Request, "label", "by", "from", "to", "limit", "cursor");
        var most = AskedLimit.Parse(limit, MaxLimit, MaxLimit);
        var name = string.IsNullOrEmpty(by) ? null : by.Length <= MaxNameChars && !by.Contains(':', StringComparison.Ordinal) ? by
            : throw new RefusedException(Refusals.Invalid("by", "by is the name of a label, as user."));
        try
        {
            var query = new UsageQuery(
                [.. AskedLabel.All(http, label)], name, Rfc3339.Asked("from", from), Rfc3339.Asked("to", to),
                string.IsNullOrEmpty(cursor) ? null : UsageKey.Parse(cursor), most + 1);
            var rows = await access.Current.UsageAsync(query, ct);
            var page = rows.Take(most).Select(row => UsageView.Of(row, name)).ToArray();
            return new JsonAnswer<UsageListView>(
                new(page, rows.Count > most ? rows[most - 1].Key.ToString() : null), WireJson.Relaxed.UsageListView, "no-cache");
        }
        catch (InvalidCursorException)
        {
            return Refusals.InvalidCursor();
        }
    }
}
