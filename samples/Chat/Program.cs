using System.Security.Claims;
using EventSourcedStreams.Chat;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.AI;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => cookie.LoginPath = "/sign-in");
builder.Services.AddAuthorization();
builder.Services.AddSingleton(_ => Answers.Client(builder.Configuration));
builder.Services.AddTextStreams().AddChatClient( // streams are made by the app, not by browsers
    "answer", services => services.GetRequiredService<IChatClient>(), Answers.Options(builder.Configuration));
builder.Services.AddSingleton(_ => ChatFile.Open(Path.Combine(builder.Configuration["TextStreams:Embedded:Path"] ?? "data", "chats.jsonl")));
builder.Services.AddSingleton<ChatChanges>().AddSingleton<Chats>().AddSingleton<Conversation>();

var app = builder.Build();
app.Services.GetRequiredService<Chats>(); // a record that cannot be read is said now
app.UsePageHeaders(); // also on what is refused below
app.UseAuthentication();
app.UseAuthorization();
app.UseStaticFiles();
app.MapTextStreams().RequireAuthorization().OwnedBy(http => http.User.Identity?.Name);
app.MapChats();

app.MapGet("/", () => TypedResults.VirtualFile("chat.html", "text/html")).RequireAuthorization();
app.MapGet("/sign-in", () => TypedResults.VirtualFile("sign-in.html", "text/html"));
app.MapPost("/sign-in", ([FromForm] string name) => name.Trim() is { Length: > 0 and <= 40 } user
    ? Results.SignIn(new(new ClaimsIdentity([new(ClaimTypes.Name, user)], "name")), new() { RedirectUri = "/" })
    : Results.Redirect("/sign-in")).DisableAntiforgery();
app.MapPost("/sign-out", () => Results.SignOut(new() { RedirectUri = "/sign-in" }));

app.Run();
