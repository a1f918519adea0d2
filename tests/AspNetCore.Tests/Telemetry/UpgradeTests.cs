using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>The ready-made host goes on with the folder that the server of commit 86f4349 left when it was
/// killed.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    /// <summary>A day after the folder was written: its pending stream would be given up after a week.</summary>
    private static readonly DateTimeOffset NextDay = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    private readonly TempFolder folder = new();
    private SeenHost host = null!;

    public async Task InitializeAsync()
    {
        OldFolder.Write86f4349(folder.Path);
        host = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_text_and_every_ending_is_what_it_was()
    {
        (await host.Client.GetStringAsync("/v1/streams/done/text")).Should().Be("One sentence. And Tschüß, 日本語, 👩‍👩‍👧.\r\nA last line.");
        (await host.Client.GetStringAsync("/v1/streams/large/text"))
            .Should().Be(string.Concat(Enumerable.Range(0, 700).Select(i => $"Sentence number {i} of a longer text. ")));
        (await host.Client.QueryAsync("done")).GetProperty("labels").GetProperty("user").GetString().Should().Be("42");
        foreach (var (id, status) in new[] { ("done", "done"), ("cancelled", "cancelled"), ("failed", "error"), ("timed-out", "timeout"), ("pending", "pending") })
            (await host.Client.StatusAsync(id)).Should().Be(status, id);
        (await host.Client.GetAsync("/v1/streams/deleted")).StatusCode.Should().Be(HttpStatusCode.Gone);
        var damaged = await host.Client.GetAsync("/v1/streams/damaged/text");
        damaged.StatusCode.Should().Be(HttpStatusCode.InternalServerError, "a changed word is damage after the upgrade too");
        (await damaged.Content.ReadAsStringAsync()).Should().Contain("log-damaged");
    }

    [Fact]
    public async Task What_ran_when_it_was_killed_ends_as_interrupted_with_its_text()
    {
        foreach (var id in new[] { "live", "live-2" })
        {
            await Eventually.UntilAsync($"{id} has its ending", async () => await host.Client.StatusAsync(id) == "error");
            var stream = await host.Client.QueryAsync(id);
            stream.GetProperty("error").GetProperty("code").GetString().Should().Be("interrupted");
            stream.GetProperty("text").GetString().Should().StartWith($"{id} goes on, piece 0. ");
        }
    }

    [Fact]
    public async Task Old_and_new_streams_stand_in_one_list_also_after_another_start()
    {
        using var answer = await host.Client.PostAsync("/v1/streams/pending/drive", new StringContent("Written by the new version."));
        answer.EnsureSuccessStatusCode();
        await host.Client.CreateAsync(new { id = "new", source = "upload" });
        await host.DisposeAsync();
        host = await StartAsync();

        (await host.Client.GetStringAsync("/v1/streams/pending/text")).Should().Be("Written by the new version.");
        await Eventually.UntilAsync("the list has all", async () =>
            (await host.Client.GetFromJsonAsync<JsonElement>("/v1/streams")).GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("id").GetString()!).Order().SequenceEqual(OldFolder.Streams.Except(["deleted"]).Append("new").Order()));
    }

    private Task<SeenHost> StartAsync() => SeenHost.StartAsync(
        new Dictionary<string, string?> { ["Embedded:Path"] = folder.Path, ["Streams:SweepInterval"] = "00:00:00.100" },
        time: ShiftedTime.At(NextDay));
}
