var builder = WebApplication.CreateBuilder(args);
builder.Services.AddTextStreams()
    .AddSource("chat", async (request, append, ct) =>
    {
        var prompt = request.Input?.GetProperty("prompt").GetString();
        foreach (var word in $"You asked: {prompt} Here is the answer, word by word.".Split(' '))
        {
            await append(word + " ");
            await Task.Delay(20, ct);
        }
    }, clients: true);

var app = builder.Build();
app.MapTextStreams("/chat-stream");
app.Run();
