using EventSourcedStreams.NodesTest;
using EventSourcedStreams.TestKit;

// dotnet run --project tests/NodesTest [--long] The store: EVENTSTOREDB_CONNECTION_STRING, and EVENTSTOREDB_PROCESS to
// freeze it by, or for a cluster EVENTSTOREDB_NODES as port:process,port:process,…; else an embedded log served by a
// host of its own.
var isLong = args.Contains("--long");
var given = Environment.GetEnvironmentVariable("EVENTSTOREDB_CONNECTION_STRING");
int? process = int.TryParse(Environment.GetEnvironmentVariable("EVENTSTOREDB_PROCESS"), out var id) ? id : null;
using var storeNodes = StoreNodes.Parse(Environment.GetEnvironmentVariable("EVENTSTOREDB_NODES"));
var prefix = $"n{Guid.NewGuid():N}-"; // a store that is used for other things too
var findings = new Findings();

await using IStore store = given is { Length: > 0 } ? new GivenStore(given, process) : await ServedStore.StartAsync();
Console.WriteLine($"three nodes on {(given is { Length: > 0 } ? "the given EventStoreDB" : "an embedded log that is served")}");
using TempFolder folder1 = new(), folder2 = new(), folder3 = new();
await using var one = await StartAsync(folder1);
await using var two = await StartAsync(folder2);
await using var three = await StartAsync(folder3);

await RunAsync("driven on one node, followed and queried on another", () => OnTwoNodes.DriveHereFollowThereAsync(one, two, findings));
await RunAsync("cancelled on another node", () => OnTwoNodes.CancelThereAsync(one, two, findings));
await RunAsync("deleted on another node", () => OnTwoNodes.DeleteThereAsync(one, two, findings));
await RunAsync("claimed on two nodes at once", () => OnTwoNodes.ClaimTwiceAsync(one, two, findings));
if (store is not GivenStore { CanBeAway: false })
{
    await RunAsync("the store is gone for a while", () => StoreThatStops.ForAWhileAsync(store, one, two, TimeSpan.FromSeconds(isLong ? 25 : 6), findings));
    if (isLong)
    {
        await RunAsync("the store stands still for a while", () => StoreThatStops.ForAWhileAsync(store, one, two, TimeSpan.FromSeconds(25), findings));
        await RunAsync("the store is gone for too long", () => StoreThatStops.TooLongAsync(store, one, two, findings));
    }
}

if (storeNodes is not null)
{
    await RunAsync("the store's leader stands still", () => HangingStoreNode.RunAsync(storeNodes, leader: true, one, two, findings));
    await RunAsync("a follower of the store stands still", () => HangingStoreNode.RunAsync(storeNodes, leader: false, one, two, findings));
}

await RunAsync("a node is killed, another stands still for a minute", () => NodesThatStop.RunAsync(one, two, three, findings));
Console.WriteLine($"{findings.Checks} checks, {findings.Failed} findings");
return findings is { Failed: 0, Checks: > 0 } ? 0 : 1;

Task<WebProcess> StartAsync(TempFolder folder) => WebProcess.StartAsync(
    folder.Path, "--EventStore:ConnectionString", store.ConnectionString, "--Streams:Prefix", prefix);

async Task RunAsync(string name, Func<Task> scenario)
{
    Console.WriteLine(name);
    try
    {
        await scenario();
    }
    catch (Exception e) when (e is TimeoutException or HttpRequestException or InvalidOperationException)
    {
        findings.Check(false, $"{name}: {e.Message}");
    }
}
