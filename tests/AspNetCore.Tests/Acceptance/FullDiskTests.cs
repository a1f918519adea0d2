using System.Diagnostics;
using System.Net;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>The disk fills under a live stream, and gets room again. Of the embedded log alone: EventStoreDB's disk is
/// its server's.</summary>
public sealed class FullDiskTests
{
    private readonly ScriptedSource source = new("told");

    [SmallDiskFact]
    public async Task On_a_full_disk_the_server_says_so_reads_go_on_and_room_heals_it()
    {
        using var folder = new TempFolder();
        Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.Path);
        try
        {
            var settings = new LocalLog().SettingsFor(folder.Path);
            settings["Streams:OutageLimit"] = "00:10:00"; // no outage here is to be too long
            await using var app = await HostedApp.StartAsync(settings, source);
            await FillAndHealAsync(app, folder.Path);
            await app.StopAsync();
        }
        finally
        {
            Run("umount", folder.Path);
        }
    }

    private async Task FillAndHealAsync(HostedApp app, string folder)
    {
        var id = await app.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id, StreamRequests.Events));
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
        await source.For(new(id)).SayAsync("Saved. ");
        await follower.HasAsync("Saved. ");
        var filler = Path.Combine(folder, "filler");
        var piece = new string('x', 10_000);
        var text = "Saved. ";
        var pieces = 0;
        await Eventually.UntilAsync("the server is not ready, and says why", async () =>
        {
            // Again and again: the log gives space back when it has copied its write-ahead log, and has some of its own
            // to write on.
            await FillAsync(filler);
            if (pieces++ < 90)
            {
                text += piece;
                await source.For(new(id)).SayAsync(piece);
            }

            using var ready = await app.Client.GetAsync("/health/ready");
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable
                && JsonElement.Parse(await ready.Content.ReadAsStringAsync()).GetProperty("event-log").GetString()!.Contains("full", StringComparison.Ordinal);
        });
        await driver.HasAsync(text);
        using (var live = await app.Client.GetAsync("/health/live")) live.StatusCode.Should().Be(HttpStatusCode.OK);
        var read = await app.Client.QueryAsync(id);
        read.GetProperty("status").GetString().Should().Be("streaming");
        text.Should().StartWith(read.GetProperty("text").GetString());
        driver.Over.IsCompleted.Should().BeFalse();

        File.Delete(filler);
        await Eventually.UntilAsync("the server is ready", async () =>
        {
            using var ready = await app.Client.GetAsync("/health/ready");
            return ready.IsSuccessStatusCode;
        });
        source.For(new(id)).End();
        await Task.WhenAll(driver.Over, follower.Over);

        driver.End.Status.Should().Be("done");
        follower.Text.Should().Be(text).And.Be(driver.Text);
        (await app.Client.QueryAsync(id)).GetProperty("text").GetString().Should().Be(text);
        var another = await app.Client.CreateAsync(new { source = "told" });
        (await app.Client.StatusAsync(another)).Should().Be("pending");
    }

    private static async Task FillAsync(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 1);
            var block = new byte[4096];
            while (true) await stream.WriteAsync(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, "{0} {1}: {2}", program, string.Join(' ', arguments), error);
    }
}

/// <summary>A test that mounts something. Skipped where we are not root on Linux, but never in CI: there it must
/// run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        var mayMount = OperatingSystem.IsLinux() && Environment.UserName == "root";
        if (!mayMount && Environment.GetEnvironmentVariable("CI") != "true") Skip = "Needs root on Linux, to mount a small file system.";
    }
}
