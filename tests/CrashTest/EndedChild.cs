using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.CrashTest;

/// <summary>An app without a server that runs streams as jobs and notes each that ends; to be killed at any
/// moment.</summary>
internal static class EndedChild
{
    /// <summary>Runs all streams that have not ended yet, waits until the handler has been told of all of them, and
    /// stops.</summary>
    /// <param name="most">Calls of the handler, after which it stands still, to be killed.</param>
    public static async Task<int> RunAsync(string folder, string notes, int streams, int most)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new Notes(notes, most));
        builder.Services.AddTextStreams(options => options.Embedded.Path = folder)
            .AddSource("words", async (_, append, _) => await append("A sentence. "))
            .OnEnded<Noting>("notes");
        using var host = builder.Build();
        await host.StartAsync();
        var all = host.Services.GetRequiredService<TextStreams>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, streams),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, ct) => await all.RunAsync(new NewTextStream("words") { Id = $"s{i}", Labels = Label(i) }, ct));
        while (File.ReadLines(notes).Distinct().Count() < streams) await Task.Delay(20);
        await host.StopAsync();
        return 0;
    }

    private static Dictionary<string, string> Label(int i) => new() { ["user"] = $"u{i}" };

    private sealed class Notes(string file, int most) : IDisposable
    {
        private readonly StreamWriter writer = new(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        private int added;

        public bool IsFull => added >= most;

        public void Add(string line)
        {
            writer.WriteLine(line);
            added++;
        }

        public void Dispose() => writer.Dispose();
    }

    private sealed class Noting(Notes notes) : IStreamEndedHandler
    {
        public async Task HandleAsync(StreamSummary stream, CancellationToken ct)
        {
            await Task.Delay(notes.IsFull ? Timeout.Infinite : 1, ct);           // as a database would take
            notes.Add($"{stream.Id} {stream.Status} {stream.Length} {stream.Labels["user"]}");
        }
    }
}
