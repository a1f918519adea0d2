using EventSourcedStreams.CrashTest;
using EventSourcedStreams.TestKit;

// dotnet run --project tests/CrashTest ended [streams] [seed]
if (args is ["ended-child", var log, var notes, var count, var most]) return await EndedChild.RunAsync(log, notes, int.Parse(count), int.Parse(most));
if (args is ["ended", .. var numbers])
    return await new EndedRun(numbers.Length > 0 ? int.Parse(numbers[0]) : 1000, numbers.Length > 1 ? int.Parse(numbers[1]) : 1).RunAsync();

// dotnet run --project tests/CrashTest [rounds] [streams] [seed]
var rounds = args.Length > 0 ? int.Parse(args[0]) : 20;
var streams = args.Length > 1 ? int.Parse(args[1]) : 50;
var seed = args.Length > 2 ? int.Parse(args[2]) : 1;

var folder = Directory.CreateTempSubdirectory("ess-crash-").FullName;
var random = new Random(seed);
var findings = new List<string>();
var all = new List<CrashedStream>();
Console.WriteLine($"{rounds} rounds of {streams} live streams, seed {seed}");
for (var round = 1; round <= rounds; round++)
{
    await using var server = await WebProcess.StartAsync(folder);
    var earlier = all.Where(stream => !stream.IsChecked).ToList();
    foreach (var stream in earlier) await stream.CheckOverHttpAsync(server.Client, findings);

    var live = await Task.WhenAll(Enumerable.Range(0, streams)
        .Select(i => CrashedStream.BeginAsync(server.Client, $"r{round}-{i}", asUpload: i % 5 == 0, random.Next())));
    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 1500)));
    server.Kill();
    foreach (var stream in live) await stream.Stopped;
    all.AddRange(live);
    Console.WriteLine($"round {round}: killed; {live.Sum(stream => stream.SavedLength)} bytes were acknowledged");
}

await using (var server = await WebProcess.StartAsync(folder))
{
    foreach (var stream in all.Where(stream => !stream.IsChecked)) await stream.CheckOverHttpAsync(server.Client, findings);
    await server.StopAsync();
}

await LogCheck.RunAsync(folder, all, findings);
Directory.Delete(folder, recursive: true);
foreach (var finding in findings) Console.WriteLine($"FOUND: {finding}");
Console.WriteLine($"{all.Count} streams, {all.Sum(stream => stream.SavedLength)} acknowledged bytes, {findings.Count} findings");
return findings.Count == 0 && all.Count > 0 && all.Any(stream => stream.SavedLength > 0) ? 0 : 1;
