using EventSourcedStreams.AnswerCrash;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// <folder>: answers one question, without end; prints a line for each update: its continuation token in base64, and its
// text.
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddTextStreams(options => options.Embedded.Path = args[0]);
builder.Services.AddChatClient(new CountingChatClient()).UseTextStreams();
using var host = builder.Build();
await host.StartAsync();
var client = host.Services.GetRequiredService<IChatClient>();
await foreach (var update in client.GetStreamingResponseAsync("Count.", new ChatOptions { AllowBackgroundResponses = true }))
{
    Console.WriteLine($"{Convert.ToBase64String(update.ContinuationToken!.ToBytes().Span)} {update.Text}");
}
