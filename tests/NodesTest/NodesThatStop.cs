using System.Diagnostics;
using System.Text;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.NodesTest.Streams;

namespace EventSourcedStreams.NodesTest;

/// <summary>One node is killed and another stands still for a minute; a third one ends their streams.</summary>
internal static class NodesThatStop
{
    private const int Live = 20;

    public static async Task RunAsync(WebProcess killed, WebProcess frozen, WebProcess survivor, Findings findings)
    {
        var ofKilled = await BeginAsync(killed, survivor);
        var ofFrozen = await BeginAsync(frozen, survivor);
        killed.Kill();
        frozen.Freeze();
        var watch = Stopwatch.StartNew();
        using var running = RunningWatch.Start();
        foreach (var stream in (StreamRunner[])[.. ofKilled, .. ofFrozen]) await stream.Follower.Over.WaitAsync(Eventually.Limit);
        var took = running.Elapsed;
        Console.WriteLine($"  the streams of a killed and of a frozen node ended after {watch.Elapsed.TotalSeconds:0.0} s, of which this ran for {took.TotalSeconds:0.0} s");
        findings.Check(took < TimeSpan.FromSeconds(45), $"Ending the streams of nodes that stopped took {took.TotalSeconds:0.0} s.");
        foreach (var stream in (StreamRunner[])[.. ofKilled, .. ofFrozen]) await CheckEndedAsync(stream, survivor, findings);

        if (TimeSpan.FromSeconds(60) - watch.Elapsed is { Ticks: > 0 } rest) await Task.Delay(rest);
        frozen.Thaw();
        foreach (var stream in ofFrozen) await stream.Driver.Over.WaitAsync(Eventually.Limit);
        foreach (var stream in ofFrozen)
        {
            findings.Check(stream.Driver.Status is "error" && stream.Driver.Code is "interrupted", $"{stream.Id}: its driver on a node that woke was told '{stream.Driver.Status}' ({stream.Driver.Code}).");
            await CheckEndedAsync(stream, survivor, findings);
        }

        await Eventually.UntilAsync("the node that woke is ready", frozen.IsReadyAsync);
        await OnTwoNodes.DriveHereFollowThereAsync(frozen, survivor, findings);
    }

    private static async Task<StreamRunner[]> BeginAsync(WebProcess node, WebProcess survivor)
    {
        var streams = await Task.WhenAll(Enumerable.Range(0, Live).Select(async _ =>
        {
            var id = await CreateAsync(node, rate: 50, tokens: 100_000);
            return new StreamRunner(id, Spoken.Drive(node, id), Spoken.Follow(survivor, id));
        }));
        await Eventually.UntilAsync("all followers have seen text", () => streams.All(stream => stream.Follower.Text.Length > 50));
        return streams;
    }

    private static async Task CheckEndedAsync(StreamRunner stream, WebProcess survivor, Findings findings)
    {
        var queried = await QueryAsync(survivor, stream.Id);
        var follower = stream.Follower;
        findings.Check(follower.Status == "error" && follower.Code == "interrupted", $"{stream.Id}: its follower was told '{follower.Status}' ({follower.Code}).");
        findings.Check(queried.StatusOf() == "error" && queried.CodeOf() == "interrupted", $"{stream.Id}: it is '{queried.StatusOf()}' ({queried.CodeOf()}).");
        findings.Check(queried.TextOf() == follower.Text, $"{stream.Id}: its follower read something else than what is kept.");
        findings.Check(
            Encoding.UTF8.GetByteCount(queried.TextOf()) >= stream.Driver.SavedLength, $"{stream.Id}: {stream.Driver.SavedLength} bytes were acknowledged, and fewer are kept.");
        findings.Check(
            Common(queried.TextOf(), stream.Driver.Text), $"{stream.Id}: its driver saw something else than what is kept.");
    }

    /// <summary>One goes on where the other ends.</summary>
    private static bool Common(string a, string b) => a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal);

    private sealed record StreamRunner(string Id, Spoken Driver, Spoken Follower);
}
