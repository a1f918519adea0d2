using System.Security.Claims;
using System.Text.Json;
using EventSourcedStreams;
using EventSourcedStreams.Chat;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => cookie.LoginPath = "/sign-in");
builder.Services.AddAuthorization();
builder.Services.AddSingleton<Chats>();
builder.Services.AddTextStreams().AddSource("answer", Answers.From(builder.Configuration));   // streams are made below, not by browsers

var app = builder.Build();
app.UseStaticFiles();
app.MapTextStreams().RequireAuthorization().OwnedBy(http => http.User.Identity?.Name);

app.MapGet("/", () => TypedResults.VirtualFile("chat.html", "text/html")).RequireAuthorization();
app.MapGet("/sign-in", () => TypedResults.VirtualFile("sign-in.html", "text/html"));
app.MapPost("/sign-in", ([FromForm] string name) => name.Trim() is { Length: > 0 and <= 40 } user
    ? Results.SignIn(new(new ClaimsIdentity([new(ClaimTypes.Name, user)], "name")), new() { RedirectUri = "/" })
    : Results.Redirect("/sign-in")).DisableAntiforgery();
app.MapPost("/sign-out", () => Results.SignOut(new() { RedirectUri = "/sign-in" }));

var chats = app.MapGroup("/chats").RequireAuthorization().DisableCookieRedirect();
chats.MapGet("/", (ClaimsPrincipal user, Chats all) => all.Of(user.Identity!.Name!));
chats.MapGet("/{chat}", (string chat, ClaimsPrincipal user, Chats all, CancellationToken ct) => all.ReadAsync(user.Identity!.Name!, chat, ct));
chats.MapPost("/{chat}", async (
    string chat, [FromBody] string question, ClaimsPrincipal user, Chats all, TextStreams streams, CancellationToken ct) =>
{
    if (question.Trim().Length is 0 or > 4000 || chat.Length > 64) return Results.BadRequest();
    var name = user.Identity!.Name!;
    var stream = await streams.CreateAsync(
        new NewTextStream("answer")
        {
            Id = $"answer-{Guid.CreateVersion7():N}",
            Input = JsonSerializer.SerializeToElement(await all.HistoryAsync(name, chat, question, ct), JsonSerializerOptions.Web),
            Labels = new Dictionary<string, string> { ["user"] = name, ["chat"] = chat },
            By = name,
        },
        ct);
    all.Add(name, chat, new Exchange(question, stream));                                 // a crash before this leaves a stream without a driver
    return Results.Ok(new { stream = stream.Value });                                   // the browser drives it
});

app.Run();
