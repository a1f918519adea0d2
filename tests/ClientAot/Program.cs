using EventSourcedStreams.Client;
using Microsoft.Extensions.DependencyInjection;

// Every call of the client against a real server, in a program that was compiled ahead of time.
var services = new ServiceCollection();
services.AddTextStreamsClient(new Uri(args[0]));
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<TextStreamsClient>();

var created = await client.CreateAsync(new NewTextStream
{
    Source = "demo",
    Input = System.Text.Json.JsonElement.Parse("""{"rate":1000,"length":40}"""),
    Labels = new Dictionary<string, string> { ["user"] = "ann" },
});
var driven = "";
await foreach (var update in client.DriveAsync(created.Id)) driven += update.Text;
var (followed, end) = ("", (StreamEnd?)null);
await foreach (var update in client.FollowAsync(created.Id)) (followed, end) = (followed + update.Text, update.End);
var queried = await client.QueryAsync(created.Id);
var cancelled = await client.CancelAsync(created.Id, "too late");
var listed = await client.ListPageAsync(new StreamListQuery { Search = created.Id, WithTotal = true });
var text = await client.GetTextAsync(created.Id);
await client.DeleteAsync(created.Id);
var problem = "";
try
{
    await client.QueryAsync(created.Id);
}
catch (TextStreamsException e)
{
    problem = e.Problem.Code;
}

var isRight = driven.Length > 0 && driven == followed && driven == queried.Text && driven == text.Text && text.Revision == queried.Revision && end is { IsDone: true }
    && queried.Labels["user"] == "ann" && cancelled.Status is StreamStatus.Done && listed.Total is 0 or 1 && problem == "deleted";
Console.WriteLine(isRight ? "1 passed, 0 failed" : $"0 passed, 1 failed: {driven.Length} {followed.Length} {end?.Status} {queried.Status} {problem}");
return isRight ? 0 : 1;
