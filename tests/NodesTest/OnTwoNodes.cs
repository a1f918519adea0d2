using System.Net;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.NodesTest.Streams;

namespace EventSourcedStreams.NodesTest;

/// <summary>Nothing is sticky: driven on one node, everything else on the other.</summary>
internal static class OnTwoNodes
{
    public static async Task DriveHereFollowThereAsync(WebProcess here, WebProcess there, Findings findings)
    {
        var id = await CreateAsync(here, rate: 200, tokens: 300);
        var early = Spoken.Follow(there, id);
        var driver = Spoken.Drive(here, id);
        await Eventually.UntilAsync("the driver has seen text", () => driver.Text.Length > 100);
        var late = Spoken.Follow(there, id);
        await Task.WhenAll(driver.Over, early.Over, late.Over);
        var queried = await QueryAsync(there, id);
        findings.Check(driver.Status == "done", $"{id}: its driver was told '{driver.Status}' ({driver.Code}).");
        findings.Check(early.Text == driver.Text, $"{id}: a follower on the other node from the start read something else.");
        findings.Check(late.Text == driver.Text, $"{id}: a later follower on the other node read something else.");
        findings.Check(early.Status == "done" && late.Status == "done", $"{id}: its followers were told '{early.Status}' and '{late.Status}'.");
        findings.Check(queried.TextOf() == driver.Text && queried.StatusOf() == "done", $"{id}: queried on the other node it is something else.");
    }

    public static async Task CancelThereAsync(WebProcess here, WebProcess there, Findings findings)
    {
        var id = await CreateAsync(here, rate: 100, tokens: 100_000);
        var driver = Spoken.Drive(here, id);
        var follower = Spoken.Follow(there, id);
        await Eventually.UntilAsync("the follower has seen text", () => follower.Text.Length > 50);
        var code = await CodeAsync(there, HttpMethod.Post, $"/v1/streams/{id}/cancel");
        await Task.WhenAll(driver.Over, follower.Over);
        var queried = await QueryAsync(there, id);
        findings.Check(code == HttpStatusCode.OK, $"{id}: cancelling on the other node answered {code}.");
        findings.Check(driver.Status == "cancelled" && follower.Status == "cancelled", $"{id}: cancelled, and told '{driver.Status}', '{follower.Status}'.");
        findings.Check(queried.StatusOf() == "cancelled", $"{id}: cancelled, and is '{queried.StatusOf()}'.");
        findings.Check(queried.TextOf() == driver.Text, $"{id}: cancelled on the other node, the driver saw {driver.Text.Length} characters, {queried.TextOf().Length} are kept.");
        findings.Check(follower.Text == driver.Text, $"{id}: cancelled, its follower read something else than its driver.");
    }

    public static async Task DeleteThereAsync(WebProcess here, WebProcess there, Findings findings)
    {
        var id = await CreateAsync(here, rate: 100, tokens: 100_000);
        var driver = Spoken.Drive(here, id);
        var follower = Spoken.Follow(here, id);
        await Eventually.UntilAsync("the follower has seen text", () => follower.Text.Length > 50);
        var code = await CodeAsync(there, HttpMethod.Delete, $"/v1/streams/{id}");
        await Task.WhenAll(driver.Over, follower.Over);
        findings.Check(code == HttpStatusCode.NoContent, $"{id}: deleting on the other node answered {code}.");
        findings.Check(follower.Status == "deleted", $"{id}: deleted, its follower was told '{follower.Status}'.");
        foreach (var node in (WebProcess[])[here, there])
        {
            var gone = await CodeAsync(node, HttpMethod.Get, $"/v1/streams/{id}");
            findings.Check(gone == HttpStatusCode.Gone, $"{id}: deleted, and asked for it answers {gone}.");
        }
    }

    public static async Task ClaimTwiceAsync(WebProcess here, WebProcess there, Findings findings)
    {
        for (var round = 0; round < 20; round++)
        {
            var id = await CreateAsync(here, rate: 1000, tokens: 50);
            var claims = new[] { Spoken.Drive(here, id), Spoken.Drive(there, id) };
            await Task.WhenAll(claims.Select(claim => claim.Over));
            var drivers = claims.Count(claim => claim.Answer == HttpStatusCode.OK);
            findings.Check(drivers == 1, $"{id}: claimed on two nodes at once, {drivers} drive it.");
            findings.Check(claims.Count(claim => claim.Answer == HttpStatusCode.Conflict) == 1, $"{id}: the loser of a claim was not told so.");
            var queried = await QueryAsync(there, id);
            findings.Check(
                queried.TextOf() == claims.Single(claim => claim.Answer == HttpStatusCode.OK).Text, $"{id}: claimed twice, its text is not its driver's.");
        }
    }
}
