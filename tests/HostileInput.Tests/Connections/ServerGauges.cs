using System.Globalization;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>What a server holds, before something and after it.</summary>
internal sealed class ServerGauges(WebProcess server)
{
    private const long MiB = 1024 * 1024;

    /// <summary>What the runtime keeps of what it has given back, and takes of itself meanwhile.</summary>
    private const long Slack = 48 * MiB;
    private const int HandleSlack = 40;

    /// <summary>The server gives memory back once it has been quiet.</summary>
    private static readonly TimeSpan Return = TimeSpan.FromMinutes(5);

    private readonly (long Memory, int Handles) before = (Memory(server), Handles(server));

    /// <exception cref="InvalidOperationException">The server holds more than before.</exception>
    public async Task RequireReturnAsync()
    {
        var began = Environment.TickCount64;
        while (Excess() is { } more)
        {
            if (Environment.TickCount64 - began > Return.TotalMilliseconds) throw new InvalidOperationException(more);
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }

    private string? Excess()
    {
        var (memory, handles) = (Memory(server), Handles(server));
        return memory <= before.Memory + Slack && handles <= before.Handles + HandleSlack
            ? null
            : $"Before, the server held {before.Memory / MiB} MiB and {before.Handles} files; now {memory / MiB} MiB and {handles} files.";
    }

    private static int Handles(WebProcess server) => Directory.GetFiles($"/proc/{server.Id}/fd").Length;

    private static long Memory(WebProcess server)
    {
        const string Name = "VmRSS:";
        var line = File.ReadLines($"/proc/{server.Id}/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Name.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }
}
