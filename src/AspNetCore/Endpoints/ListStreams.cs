using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

internal static class ListStreams
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxSearchChars = 200;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/", HandleAsync)
            .WithName("ListStreams")
            .WithSummary("List streams")
            .WithDescription("Newest first, without texts. Eventually consistent: a stream is here normally within a second.")
            .Produces<StreamListView>()
            .AnswersProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
        group.MapMethods("/", [HttpMethods.Head], HandleAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> HandleAsync(
        [FromQuery, Description("pending, streaming, done, error, cancelled or timeout.")] string? status,
        [FromQuery, Description("One label, as name:value.")] string[]? label,
        [FromQuery, Description("Words that all stand in id, title or labels, whatever their case.")] string? q,
        [FromQuery, Description("Created at this time (RFC 3339) or later.")] string? from,
        [FromQuery, Description("Created before this time (RFC 3339).")] string? to,
        [FromQuery, Description("A text source's name.")] string? source,
        [FromQuery, Description("true also counts the streams of all pages, as total.")] string? count,
        [FromQuery, Description("1 to 200, default 50.")] string? limit,
        [FromQuery, Description("The nextCursor of the page before.")] string? cursor,
        [FromQuery, Description("0 to 60: gives the list's position; with position, waits so many seconds for another list than was there.")] string? wait,
        [FromQuery, Description("The position of an earlier list.")] string? position,
        HttpContext http,
        EngineAccess access,
        CancellationToken ct)
    {
        var patience = WaitTime.Parse(wait);
        var asked = AskedLabel.Parse(label);
        var query = new CatalogQuery(StatusOf(status), string.IsNullOrEmpty(cursor) ? null : cursor, AskedLimit.Parse(limit, MaxLimit, DefaultLimit))
        {
            Labels = [.. StreamScope.Of(http)?.Labels ?? [], .. asked is { } one ? [one] : Array.Empty<KeyValuePair<string, string>>()],
            Source = string.IsNullOrEmpty(source) ? null : source,
            From = Rfc3339.Asked("from", from),
            To = Rfc3339.Asked("to", to),
            Search = SearchOf(q),
            WithTotal = AskedFlag.Parse("count", count),
        };
        try
        {
            if (patience is { } longest) return AnswerOf(await new ListWatch(access, query).NextAsync(http, ListPosition.Parse(position), longest));
            if (!string.IsNullOrEmpty(position)) return Refusals.Invalid("position", "position is for a list that waits: give wait, too.");
            return AnswerOf(StreamListView.Of(await access.Current.ListAsync(query, ct)));
        }
        catch (InvalidCursorException)
        {
            return Refusals.InvalidCursor();
        }
    }

    private static StreamStatus? StatusOf(string? status) =>
        string.IsNullOrEmpty(status) ? null
        : StreamStatusNames.Parse(status) is { } known and not StreamStatus.Deleted ? known
        : throw Invalid("status", "status is pending, streaming, done, error, cancelled or timeout.");

    private static string? SearchOf(string? q) =>
        string.IsNullOrWhiteSpace(q) ? null
        : q.Length <= MaxSearchChars ? q
        : throw Invalid("q", $"q has at most {MaxSearchChars} characters.");

    private static RefusedException Invalid(string field, string detail) => new(Refusals.Invalid(field, detail));

    private static JsonAnswer<StreamListView> AnswerOf(StreamListView list) => new(list, WireJson.Relaxed.StreamListView, "no-cache");
}
