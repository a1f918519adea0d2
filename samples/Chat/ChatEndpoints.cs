using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;

namespace EventSourcedStreams.Chat;

internal static class ChatEndpoints
{
    private const int MaxQuestion = 4000;
    private const int MaxChatName = 64;

    public static void MapChats(this WebApplication app)
    {
        var chats = app.MapGroup("/chats").RequireAuthorization().DisableCookieRedirect();
        chats.MapGet("/", (ClaimsPrincipal user, Chats all) => all.TitlesOf(NameOf(user)));
        chats.MapGet("/changes", (ClaimsPrincipal user, ChatChanges changes, IHostApplicationLifetime app, HttpContext http) =>
        {
            // A stop does not wait for pages that only listen.
            var open = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, app.ApplicationStopping);
            http.Response.RegisterForDispose(open);
            return TypedResults.ServerSentEvents(changes.OfAsync(NameOf(user), open.Token));
        });
        chats.MapGet("/{chat}", (string chat, ClaimsPrincipal user, Conversation all, CancellationToken ct) => all.ReadAsync(NameOf(user), chat, ct));
        chats.MapPost("/{chat}", async (string chat, [FromBody] string question, ClaimsPrincipal user, Conversation all, CancellationToken ct) =>
            question.Trim().Length is 0 or > MaxQuestion || chat.Length > MaxChatName
                ? Results.BadRequest()
                : Results.Ok(new { stream = await all.AskAsync(NameOf(user), chat, question, ct) }));
        chats.MapPost("/{chat}/again", async (string chat, [FromBody] string stream, ClaimsPrincipal user, Conversation all, CancellationToken ct) =>
            await all.AskAgainAsync(NameOf(user), chat, stream, ct) is { } again
                ? Results.Ok(new { stream = again })
                : Results.Conflict());
    }

    private static string NameOf(ClaimsPrincipal user) => user.Identity!.Name!;
}
