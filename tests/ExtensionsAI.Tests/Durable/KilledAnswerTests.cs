using System.Diagnostics;
using EventSourcedStreams.AnswerCrash;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>A process that is killed while it answers (tests/AnswerCrash), and one that goes on by its last
/// token.</summary>
public sealed class KilledAnswerTests
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("USETEXT_KILLS") ?? "2");

    [Fact]
    public async Task What_was_stored_is_told_on_and_then_how_it_ended()
    {
        var random = new Random(17);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var folder = new TempFolder();
            var (token, told) = await KilledAsync(folder.Path, random.Next(20, 400));

            await using var app = await ChatApp.StartAsync(folder.Path);
            var rest = new List<ChatResponseUpdate>();
            var reading = async () =>
            {
                var options = new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(token) };
                await foreach (var update in app.Client(new CountingChatClient()).GetStreamingResponseAsync([], options)) rest.Add(update);
            };

            var ended = (await reading.Should().ThrowAsync<TextStreamEndedException>()).Which;
            ended.Should().BeEquivalentTo(new { Status = StreamStatus.Error, Code = "interrupted" });
            var all = told + string.Concat(rest.Select(update => update.Text));
            CountingChatClient.TextTo(100_000).Should().StartWith(all);
            var stored = (await app.TextStreams.FindAsync(ended.Stream))!.Text.ToString();
            ended.Length.Should().Be(System.Text.Encoding.UTF8.GetByteCount(stored));
            all.Should().Be(stored.Length >= told.Length ? stored : told);
        }
    }

    /// <returns>The last token that it printed, and the text to there.</returns>
    private static async Task<(byte[] Token, string Told)> KilledAsync(string folder, int updates)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.AnswerCrash.dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(new ProcessStartInfo(host, [program, folder]) { RedirectStandardOutput = true })!;
        var lines = new List<string>();
        try
        {
            while (lines.Count < updates) lines.Add((await process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit))!);
        }
        finally
        {
            process.Kill();                                                      // as kill -9
            await process.WaitForExitAsync();
        }

        return Parsed(lines);
    }

    private static (byte[] Token, string Told) Parsed(List<string> lines)
    {
        var (token, told) = (Array.Empty<byte>(), "");
        foreach (var line in lines)
        {
            // A text that ends a line has a line of its own behind it, which is empty.
            if (line.Length == 0) continue;
            var space = line.IndexOf(' ');
            token = Convert.FromBase64String(line[..space]);
            told += line[(space + 1)..] + (line.EndsWith('.') ? "\n" : "");
        }

        return (token, told);
    }
}
