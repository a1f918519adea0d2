using System.Diagnostics;
using System.Globalization;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.CrashTest;

/// <summary>
/// Kills an app with kill -9 under its handler of endings, again and again: every ending is to be seen, in the log's
/// order, and again only right after a kill.
/// </summary>
internal sealed class EndedRun(int streams, int seed)
{
    /// <summary>Calls of the handler that may come before the kill does: a child that runs on to its end is not
    /// killed.</summary>
    private const int CallsBeforeKill = 10;

    private readonly string folder = Directory.CreateTempSubdirectory("ess-ended-").FullName;
    private readonly List<string> findings = [];
    private readonly List<string[]> runs = [];
    private readonly List<bool> killed = [];

    private string Notes => Path.Combine(folder, "notes");

    public async Task<int> RunAsync()
    {
        var random = new Random(seed);
        Console.WriteLine($"{streams} streams, seed {seed}");
        for (var round = 0; ; round++)
        {
            if (await ChildAsync(round < 30 ? random.Next(1, Math.Max(2, streams / 6)) : null)) break;
        }

        await ChildAsync(null); // after a clean stop nothing comes again
        Check(await EndingsAsync());
        Directory.Delete(folder, recursive: true);
        foreach (var finding in findings) Console.WriteLine($"FOUND: {finding}");
        Console.WriteLine(
            $"{runs.Count} runs, {killed.Count(each => each)} kills, {runs.Sum(run => run.Length)} calls for {streams} streams, {findings.Count} findings");
        return findings.Count == 0 && killed.Count(each => each) > 3 ? 0 : 1;
    }

    /// <param name="calls">So many calls of the handler, and then a kill; null: to its end.</param>
    /// <returns>Whether it came to its end.</returns>
    private async Task<bool> ChildAsync(int? calls)
    {
        var before = Lines().Length;
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(EndedRun).Assembly.Location);
        foreach (var argument in (object[])["ended-child", Path.Combine(folder, "log"), Notes, streams, calls + CallsBeforeKill ?? int.MaxValue])
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"{argument}"));
        using var child = Process.Start(start)!;
        if (calls is { } most)
        {
            while (!child.HasExited && Lines().Length < before + most) await Task.Delay(5);
            if (!child.HasExited) child.Kill();
        }

        await child.WaitForExitAsync();
        runs.Add(Lines()[before..]);
        killed.Add(child.ExitCode != 0);
        if (calls is null && child.ExitCode != 0) findings.Add($"The last run ended with {child.ExitCode}.");
        return child.ExitCode == 0 || calls is null;
    }

    private string[] Lines() => File.Exists(Notes)
        ? [.. new StreamReader(new FileStream(Notes, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)]
        : [];

    private void Check(List<string> endings)
    {
        var seen = new List<string>();
        foreach (var (number, run) in runs.Index())
        {
            var fresh = run.SkipWhile(seen.Contains).ToArray();
            var again = run.Length - fresh.Length;
            if (again > 0 && (number == 0 || !killed[number - 1])) findings.Add($"Run {number} saw {again} again, and no kill came before it.");

            // A run that is killed while it sees things again has not come to the last of them.
            var from = again == 0 ? seen.Count : seen.IndexOf(run[0]);
            if (!seen.Skip(from).Take(again).SequenceEqual(run.Take(again))) findings.Add($"Run {number} saw again what it had seen in another order.");
            if (fresh.Length > 0 && from + again != seen.Count) findings.Add($"Run {number} saw again what were not the last.");
            if (fresh.Distinct().Count() != fresh.Length || fresh.Any(seen.Contains)) findings.Add($"Run {number} saw some twice.");
            seen.AddRange(fresh);
        }

        if (!seen.SequenceEqual(endings)) findings.Add($"{seen.Count} endings were seen and {endings.Count} are in the log, or their order differs.");
        if (endings.Count != streams) findings.Add($"{endings.Count} streams of {streams} ended.");
    }

    /// <summary>As the handler should have noted them, from the log itself.</summary>
    private async Task<List<string>> EndingsAsync()
    {
        await using var bytes = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = Path.Combine(folder, "log") }, TimeProvider.System, NullLogger.Instance, default);
        var log = await StreamLog.OpenAsync(
            bytes, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, new NodeRun("check", "check"), default);
        var streams = new Dictionary<StreamId, StreamSummary>();
        var endings = new List<string>();
        await foreach (var item in log.FollowAllAsync(LogPosition.Start, default))
        {
            if (item is FeedItem.CaughtUp) break;
            if (item is not FeedItem.Recorded { Event: var recorded }) continue;
            var stream = streams[recorded.Stream] = StreamSummary.Apply(streams.GetValueOrDefault(recorded.Stream), recorded);
            if (recorded.Event.IsEnding) endings.Add($"{stream.Id} {stream.Status} {stream.Length} {stream.Labels["user"]}");
        }

        return endings;
    }
}
