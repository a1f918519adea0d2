using EventSourcedStreams.StreamBench;

// dotnet run -c Release --project bench/StreamBench [driver|throughput|observers|catch-up …] [--plots FOLDER]   all, if none is named
if (args is ["serve", var url, var folder])
{
    await BenchServer.RunAsync(url, folder);
    return 0;
}

string? plots = null;
if (Array.IndexOf(args, "--plots") is >= 0 and var at && at + 1 < args.Length)
{
    plots = args[at + 1];
    args = [.. args[..at], .. args[(at + 2)..]];
}

(string Name, Func<ServerUnderTest, Table, Task> Run)[] all =
[
    ("driver", DriverLatency.RunAsync),
    ("throughput", Throughput.RunAsync),
    ("observers", Observers.RunAsync),
    ("catch-up", CatchUp.RunAsync),
];
var chosen = args.Length == 0 ? all : [.. all.Where(bench => args.Contains(bench.Name))];
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"There is no such bench; there are: {string.Join(", ", all.Select(bench => bench.Name))}.");
    return 2;
}

var table = new Table(plots);
foreach (var (name, run) in chosen)
{
    Console.Error.WriteLine($"{name} …");
    await using var server = await ServerUnderTest.StartAsync();
    await run(server, table);
}

table.Print();
return 0;
