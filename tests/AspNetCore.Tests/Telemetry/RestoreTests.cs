using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>A backup is made and restored as docs/runbook.md says.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly TempFolder before = new(), restored = new();
    private readonly ScriptedSource source = new("told");

    public void Dispose()
    {
        before.Dispose();
        restored.Dispose();
    }

    [Fact]
    public async Task What_was_there_at_the_backup_is_there_again_and_what_ran_then_has_its_ending()
    {
        var backup = restored.File("log.db");
        await using (var host = await StartAsync(before))
        {
            await DoneAsync(host, "kept", "Kept text.");
            await DoneAsync(host, "deleted-later", "Deleted later.");
            await host.Client.CreateAsync(new { id = "waiting", source = "told" });
            await host.Client.CreateAsync(new { id = "running", source = "told" });
            using var running = await host.Client.DriveAsync("running");
            await source.For(new("running")).SayAsync("Half a text. ");
            await Eventually.UntilAsync("it is durable", async () => (await host.Client.QueryAsync("running")).GetProperty("length").GetInt64() > 0);

            using (var log = Database.Open(before.File("log.db"), TimeSpan.FromSeconds(10))) log.Execute($"VACUUM INTO '{backup}'");
            await DoneAsync(host, "later", "Written later.");
            (await host.Client.DeleteAsync(new Uri("/v1/streams/deleted-later", UriKind.Relative))).EnsureSuccessStatusCode();
        }

        await using var again = await StartAsync(restored);

        (await again.Client.GetStringAsync("/v1/streams/kept/text")).Should().Be("Kept text.");
        (await again.Client.GetStringAsync("/v1/streams/deleted-later/text")).Should().Be("Deleted later.", "a backup holds what was deleted after it");
        (await again.Client.GetAsync("/v1/streams/later")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        await Eventually.UntilAsync("what was running has its ending", async () => await again.Client.StatusAsync("running") == "error");
        var ended = await again.Client.QueryAsync("running");
        ended.GetProperty("error").GetProperty("code").GetString().Should().Be("interrupted");
        ended.GetProperty("text").GetString().Should().Be("Half a text. ");
        await Eventually.UntilAsync("the list is filled anew", async () => await ListedAsync(again) is "deleted-later,kept,running,waiting");
        source.For(new("waiting")).End();
        using var driver = await again.Client.DriveAsync("waiting");
        await driver.Content.ReadAsStringAsync();
        (await again.Client.StatusAsync("waiting")).Should().Be("done");
    }

    private Task<SeenHost> StartAsync(TempFolder folder) => SeenHost.StartAsync(
        new Dictionary<string, string?> { ["Embedded:Path"] = folder.Path, ["Streams:SweepInterval"] = "00:00:00.100" },
        streams => streams.AddSource(source, clients: true));

    private async Task DoneAsync(SeenHost host, string id, string text)
    {
        await host.Client.CreateAsync(new { id, source = "told" });
        using var driver = await host.Client.DriveAsync(id);
        await source.For(new(id)).SayAsync(text);
        source.For(new(id)).End();
        await driver.Content.ReadAsStringAsync();
    }

    private static async Task<string> ListedAsync(SeenHost host)
    {
        var list = await host.Client.GetFromJsonAsync<JsonElement>("/v1/streams");
        return string.Join(',', list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
    }
}
