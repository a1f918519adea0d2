using System.Text;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.NodesTest.Streams;

namespace EventSourcedStreams.NodesTest;

/// <summary>The store stands still, dies and comes back, or stays away for too long, under 100 live streams.</summary>
internal static class StoreThatStops
{
    private const int Live = 100;

    /// <summary>Costs no driver a token, and loses nothing.</summary>
    public static async Task ForAWhileAsync(IStore store, WebProcess here, WebProcess there, TimeSpan away, Findings findings)
    {
        // 10 tokens a second: they are still being spoken when the store is back.
        var tokens = (int)(away.TotalSeconds * 10) + 150;
        var ids = await Task.WhenAll(Enumerable.Range(0, Live).Select(_ => CreateAsync(here, rate: 10, tokens)));
        var streams = ids.Select(id => (Id: id, Driver: Spoken.Drive(here, id), Follower: Spoken.Follow(there, id))).ToList();
        await Eventually.UntilAsync("all followers have seen text", () => streams.All(stream => stream.Follower.Text.Length > 20));
        var before = streams.Select(stream => stream.Driver.Text.Length).ToList();
        await store.AwayAsync(away);
        var during = streams.Select((stream, i) => stream.Driver.Text.Length - before[i]).ToList();
        findings.Check(
            during.All(length => length > away.TotalSeconds * 10), $"While the store was away, a driver got only {during.Min()} characters in {away.TotalSeconds} s.");
        await Task.WhenAll(streams.SelectMany(stream => new[] { stream.Driver.Over, stream.Follower.Over })).WaitAsync(TimeSpan.FromMinutes(3));
        foreach (var (id, driver, follower) in streams)
        {
            var queried = await QueryAsync(there, id);
            findings.Check(driver.Status == "done", $"{id}: the store was away for {away.TotalSeconds} s, and its driver was told '{driver.Status}' ({driver.Code}).");
            findings.Check(queried.TextOf() == driver.Text, $"{id}: the store was away, and what is kept is not what its driver saw.");
            findings.Check(follower.Text == driver.Text && follower.Status == "done", $"{id}: the store was away, and its follower read something else ('{follower.Status}').");
        }
    }

    /// <summary>Drivers are told that nothing is known; the log says later how it ended.</summary>
    public static async Task TooLongAsync(IStore store, WebProcess here, WebProcess there, Findings findings)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, Live).Select(_ => CreateAsync(here, rate: 10, tokens: 100_000)));
        var streams = ids.Select(id => (Id: id, Driver: Spoken.Drive(here, id), Follower: Spoken.Follow(there, id))).ToList();
        await Eventually.UntilAsync("all followers have seen text", () => streams.All(stream => stream.Follower.Text.Length > 20));
        await store.AwayAsync(TimeSpan.FromSeconds(45));
        await Task.WhenAll(streams.SelectMany(stream => new[] { stream.Driver.Over, stream.Follower.Over })).WaitAsync(TimeSpan.FromMinutes(2));
        foreach (var (id, driver, follower) in streams)
        {
            var queried = await QueryAsync(there, id);
            findings.Check(driver.Status == "unknown" && driver.Code == "log-unavailable", $"{id}: too long without its store, its driver was told '{driver.Status}' ({driver.Code}).");
            findings.Check(queried.StatusOf() == "error", $"{id}: too long without its store, it is '{queried.StatusOf()}'.");
            findings.Check(queried.CodeOf() is "log-unavailable" or "interrupted", $"{id}: too long without its store, its code is '{queried.CodeOf()}'.");
            findings.Check(follower.Status == "error" && follower.Text == queried.TextOf(), $"{id}: too long without its store, its follower was told '{follower.Status}'.");
            findings.Check(
                Encoding.UTF8.GetByteCount(queried.TextOf()) >= driver.SavedLength && driver.Text.StartsWith(queried.TextOf(), StringComparison.Ordinal),
                $"{id}: too long without its store, what is kept is not what its driver saw.");
        }
    }
}
