using System.Text.Json;
using EventSourcedStreams;
using Microsoft.Extensions.AI;

var builder = WebApplication.CreateBuilder(args);
var elsewhere = new ServiceCollection();
elsewhere.AddTextStreams(builder.Configuration.GetSection("Chats"), configure: options => options.Streams.MaxLength = 1000)
    .AddOpenAI(options => options.Model = "small", clients: false)
    .UseEventStoreDb(options => options.ConnectionString = "esdb://127.0.0.1:2113?tls=false");

builder.Services.AddTextStreams(configure: options => options.Embedded.Path = "elsewhere")
    .AddSource("poet", async (request, append, ct) =>
    {
        append("One, ");
        foreach (var word in new[] { "two, ", "three." }) await append(word);
        append("\n");
    }, clients: false)
    .AddSource("endless", async (request, append, ct) =>
    {
        while (true)
        {
            append($"{request.Stream} ");
            await Task.Delay(1000, ct);
        }
    })
    .AddSource("reasoned", async (request, append, ct) =>
    {
        await append("Because.");
        return new SourceResult(FinishReason: "stop");
    })
    .AddSource<Typed>(clients: false)
    .AddUpload()
    .AddDemo()
    .AddOpenAI()
    .AddChatClient("assistant", provider => provider.GetRequiredService<IChatClient>(), options => options.AddTool(AIFunctionFactory.Create(() => 1, "one")))
    .OnEnded<Bill>();
builder.Services.AddInMemoryTextStreams(clock: null);

var app = builder.Build();
RouteGroupBuilder streams = app.MapTextStreams(prefix: "/v1/streams");
app.MapTextStreams("/mine").OwnedBy(http => http.User.Identity?.Name, "user");
app.MapGet("/own", async (TextStreams all) =>
{
    StreamId id = await all.CreateAsync(new NewTextStream("poet") { Id = "own", Labels = new Dictionary<string, string> { ["user"] = "ada" } }, default);
    return id.Value;
});
app.MapGet("/kept", async (TextStreams all) =>
{
    var inner = app.Services.GetRequiredService<IChatClient>();
    var kept = new ChatClientBuilder(inner).UseTextStreams(all, options => options.Owner = asked => asked?.ModelId).UseFunctionInvocation().Build();
    return await kept.GetResponseAsync("Hello", new ChatOptions { ModelId = "small" });
});
app.Run();

internal sealed class Typed : ITextSource
{
    public string Name => "typed";

    public void Validate(JsonElement? input)
    {
        if (input is null) throw new InvalidInputException("input", "Say something.");
    }

    public SourceDescription Describe(JsonElement? input) => new(Provider: null, Model: null);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        output.AppendAsync("Not awaited, ");
        await output.AppendAsync("awaited.".AsMemory().Span);
        output.AppendAsync("!");
        return ct.IsCancellationRequested ? throw new SourceFailedException("stopped", "It was stopped.") : SourceResult.Ended;
    }
}

internal sealed class Bill : IStreamEndedHandler
{
    public Task HandleAsync(StreamSummary stream, CancellationToken ct) => Task.CompletedTask;
}
