using System.Globalization;
using EventSourcedStreams.SoakTest;
using EventSourcedStreams.TestKit;

// dotnet run --project tests/SoakTest [minutes] [seed]
var minutes = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 2;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
if (!OperatingSystem.IsLinux())
{
    Console.WriteLine("What a process holds is read from /proc: this runs on Linux.");
    return 1;
}

// Else the runtime takes what the machine has before it collects, and what leaks does not show. The server inherits it.
Environment.SetEnvironmentVariable("DOTNET_GCHeapHardLimit", "0x10000000");
var folder = Directory.CreateTempSubdirectory("ess-soak-").FullName;
var findings = new SoakFindings();
Console.WriteLine($"{minutes} minutes of streams that come and go, seed {seed}");
await using (var server = await WebProcess.StartAsync(folder, "--Streams:Retention", "00:01:00", "--Streams:SweepInterval", "00:00:01"))
{
    var gauges = new Gauges(server, folder);
    gauges.Begin();
    using var over = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
    var churn = new Churn(server.Client, findings, seed);
    var work = churn.RunAsync(over.Token);
    await gauges.WatchAsync(TimeSpan.FromMinutes(minutes) / 40, over.Token);
    await work;
    findings.Check(!server.HasExited, "the server has ended");
    gauges.Check(findings);
    Console.WriteLine(churn);
    findings.Check(churn.Streams > 20, "hardly anything was done");
    await gauges.CheckReturnAsync(findings);
    await server.StopAsync();
}

Directory.Delete(folder, recursive: true);
Console.WriteLine($"{findings.Checks} checks, {findings.Failed} findings");
return findings.Failed == 0 ? 0 : 1;
