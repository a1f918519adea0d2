using EventSourcedStreams.StreamBench;

// dotnet run -c Release --project bench/StreamBench [driver|throughput|parts|chat-client|observers|catch-up …] [--logs
// embedded,served,store] [--plots FOLDER] [--keys] [--telemetry] [--check] [--keep FILE] All benches, if none is named;
// on the embedded log, if no logs are named. served: the adapter over an embedded log that a process of its own serves.
// store: over the server that EVENTSTOREDB_CONNECTION_STRING names. --keys: the server asks for a key, as the
// ready-made host does, and every request sends one. --telemetry: it sends traces and metrics to a collector, as the
// ready-made host does, and one that takes all and keeps nothing is there. --cold: tokens and observers are counted in
// a process that has had none. --check: exits with 1 where a ratio is worse by more than 15 % than the one kept in
// figures.json; --keep writes that file anew.
switch (args)
{
    case ["serve", var url, var folder]:
        await BenchServer.RunAsync(url, folder, Environment.GetEnvironmentVariable(LogUnderTest.ToChild));
        return 0;
    case ["serve-log", var data]:
        await LogUnderTest.RunAsync(data);
        return 0;
}

var isCheck = args.Contains("--check");
ServerUnderTest.HasKeys = args.Contains("--keys");
await using var collector = args.Contains("--telemetry") ? await Collector.StartAsync() : null;
ServerUnderTest.Collector = collector;
Observers.IsCold = DriverLatency.IsCold = args.Contains("--cold");
args = [.. args.Where(argument => argument is not ("--check" or "--keys" or "--telemetry" or "--cold"))];
var plots = Option("--plots");
var keep = Option("--keep");
if (Option("--rounds") is { } rounds) DriverLatency.Rounds = Throughput.Rounds = int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture);
var logs = (Option("--logs") ?? "embedded").Split(',');
if (logs.FirstOrDefault(name => !LogUnderTest.Kinds.Contains(name)) is { } strange)
{
    Console.Error.WriteLine($"--logs {strange}? There are: {string.Join(", ", LogUnderTest.Kinds)}.");
    return 2;
}

(string Name, Func<ServerUnderTest, Table, Task> Run)[] all =
[
    ("driver", DriverLatency.RunAsync),
    ("throughput", Throughput.RunAsync),
    ("parts", Interleaving.RunAsync),
    ("chat-client", ChatClientCost.RunAsync),
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
    foreach (var log in logs)
    {
        Console.Error.WriteLine($"{name} on {log} …");
        await using var server = await ServerUnderTest.StartAsync(log);
        table.Log = log;
        await run(server, table);
    }
}

table.Print();
if (collector is not null) Console.Error.WriteLine($"The collector got {collector.Bytes} bytes.");
if (keep is not null) table.Keep(keep);
if (!isCheck) return 0;
var worse = table.Worse().ToList();
foreach (var line in worse) Console.Error.WriteLine(line);
return worse.Count == 0 ? 0 : 1;

string? Option(string name)
{
    if (Array.IndexOf(args, name) is not (>= 0 and var at) || at + 1 >= args.Length) return null;
    var value = args[at + 1];
    args = [.. args[..at], .. args[(at + 2)..]];
    return value;
}
