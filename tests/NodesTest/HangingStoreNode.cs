using System.Diagnostics;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.NodesTest.Streams;

namespace EventSourcedStreams.NodesTest;

/// <summary>A node of the store stands still under live streams: no token is lost, and text is soon saved and seen
/// again.</summary>
internal static class HangingStoreNode
{
    private const int Live = 50;

    /// <summary>From the new leader, or from the freeze of a follower, to saved and seen again.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(12);

    public static async Task RunAsync(StoreNodes store, bool leader, WebProcess here, WebProcess there, Findings findings)
    {
        int? found = null;
        await Eventually.UntilAsync(
            "the cluster is whole", async () => (found = leader ? await store.LeaderAsync() : await store.FollowerAsync()) is not null);
        var frozen = found!.Value;
        var ids = await Task.WhenAll(Enumerable.Range(0, Live).Select(_ => CreateAsync(here, rate: 10, tokens: 600)));
        var streams = ids.Select(id => (Id: id, Driver: Spoken.Drive(here, id), Follower: Spoken.Follow(there, id))).ToList();
        await Eventually.UntilAsync("all followers have seen text", () => streams.All(stream => stream.Follower.Text.Length > 20));

        store.Freeze(frozen);
        var watch = Stopwatch.StartNew();
        if (leader) await Eventually.UntilAsync("there is another leader", async () => await store.LeaderAsync(besides: frozen) is { } next && next != frozen);
        var elected = watch.Elapsed;
        var marks = streams.Select(stream => (Text: stream.Driver.Text.Length, Saved: stream.Driver.SavedLength)).ToList();
        await Eventually.UntilAsync("all is saved again", () => streams.Index().All(one => one.Item.Driver.SavedLength >= marks[one.Index].Text));
        var saved = watch.Elapsed;
        await Eventually.UntilAsync("all is seen again", () => streams.Index().All(one => one.Item.Follower.Text.Length >= marks[one.Index].Text));
        var seen = watch.Elapsed;
        Console.WriteLine($"  another leader after {elected.TotalSeconds:0.0} s; saved again {(saved - elected).TotalSeconds:0.0} s later, seen again {(seen - elected).TotalSeconds:0.0} s later");
        findings.Check(seen - elected < Promised, $"It took {(seen - elected).TotalSeconds:0.0} s until text was saved and seen again.");
        store.Thaw(frozen);

        await Task.WhenAll(streams.SelectMany(stream => new[] { stream.Driver.Over, stream.Follower.Over })).WaitAsync(TimeSpan.FromMinutes(3));
        foreach (var (id, driver, follower) in streams)
        {
            var queried = await QueryAsync(there, id);
            findings.Check(driver.Status == "done", $"{id}: a node of the store hung, and its driver was told '{driver.Status}' ({driver.Code}).");
            findings.Check(queried.TextOf() == driver.Text, $"{id}: a node of the store hung, and what is kept is not what its driver saw.");
            findings.Check(follower.Text == driver.Text && follower.Status == "done", $"{id}: a node of the store hung, and its follower read something else ('{follower.Status}').");
        }
    }
}
