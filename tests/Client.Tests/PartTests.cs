using Start = EventSourcedStreams.PartStart;

namespace EventSourcedStreams.Client.Tests;

/// <summary>What is said beside the text, from the real server.</summary>
public sealed class PartTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Parts_come_to_drivers_followers_and_queries_that_ask_for_them_and_to_no_others()
    {
        var client = server.Client();
        var created = await client.CreateAsync(new() { Source = "script" });
        var run = server.Script.For(new(created.Id));
        var driving = client.DriveAsync(created.Id, withParts: true).ToListAsync().AsTask();
        await run.PartAsync(new Start("reasoning"), "Über", "legt.");
        await run.SayAsync("Die Antwort. ");
        await run.PartAsync(new Start("tool-call") { Name = "add", CallId = "c1", Encoding = PartEncoding.Json, Detail = """{"by":"model"}""" }, """{"a":1}""");
        await run.SayAsync("Ende.");
        run.End(new SourceResult("stop"));

        var driven = await driving;
        var followed = await client.FollowAsync(created.Id, withParts: true).ToListAsync();
        var without = await client.FollowAsync(created.Id).ToListAsync();
        var content = (await client.QueryAsync(created.Id, withParts: true)).Content!;

        foreach (var updates in new[] { driven, followed })
        {
            string.Concat(updates.Select(each => each.Text)).Should().Be("Die Antwort. Ende.");
            string.Concat(updates.Where(each => each.Part?.Number == 1).Select(each => each.Part!.Text)).Should().Be("Überlegt.");
            var call = updates.Single(each => each.Part is { Number: 2, Start: not null }).Part!.Start!;
            (call.Kind, call.Name, call.CallId, call.Encoding, call.Offset).Should().Be(("tool-call", "add", "c1", "json", 13));
            call.Detail!.Value.GetProperty("by").GetString().Should().Be("model");
            updates.Count(each => each.Part?.End is { Error: null }).Should().Be(2);
        }

        without.Should().OnlyContain(each => each.Part == null);
        content.Select(each => (each.Kind, each.Part, each.State)).Should().Equal(
            ("reasoning", 1, "done"), ("text", null, null), ("tool-call", 2, "done"), ("text", null, null));
        content[2].Value!.Value.GetProperty("a").GetInt32().Should().Be(1);
        (await client.QueryAsync(created.Id)).Content.Should().BeNull();
    }

    [Fact]
    public async Task The_bytes_of_a_file_are_read_decoded_with_their_type_and_length()
    {
        var client = server.Client();
        var created = await client.CreateAsync(new() { Source = "script" });
        var run = server.Script.For(new(created.Id));
        var driving = client.DriveAsync(created.Id).ToListAsync().AsTask();
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7)).ToArray();
        await run.PartAsync(new Start("file") { Name = "a.png", MediaType = "image/png", Encoding = PartEncoding.Base64 }, Convert.ToBase64String(bytes));
        run.End();
        await driving;

        using var part = await client.GetPartAsync(created.Id, 1);
        using var read = new MemoryStream();
        await part.Bytes.CopyToAsync(read);

        (part.MediaType, part.Length).Should().Be(("image/png", 100_000));
        read.ToArray().Should().Equal(bytes);
        (await client.Invoking(c => c.GetPartAsync(created.Id, 2)).Should().ThrowAsync<TextStreamsException>()).Which.Problem.Code.Should().Be("unknown-part");
    }
}
