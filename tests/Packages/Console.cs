using EventSourcedStreams.Client;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddTextStreamsClient(options => options.BaseAddress = new Uri(args[0]));
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<TextStreamsClient>();

await foreach (var update in client.FollowAsync(args[1], after: null)) Console.Write(update);
