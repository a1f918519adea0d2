namespace EventSourcedStreams.EventLogBench;

/// <summary>Durable appends a second, the engine and bare SQLite in turns.</summary>
internal static class Appends
{
    private const int Turns = 3;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(BenchFolder folder)
    {
        Console.WriteLine("| writers | engine events/s | CPU us | managed heap MB |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var writers in new[] { 1, 16, 256 })
        {
            var engine = new List<Figures>();
            for (var turn = 0; turn < Turns; turn++)
            {
                await using var log = await BenchFolder.OpenAsync(folder.Next());
                var appends = new EngineAppends(writers, Duration);
                engine.Add(await Figures.OfAsync(() => appends.RunAsync(log)));
            }

            var (e, heap) = (Figures.Median(engine), GC.GetTotalMemory(forceFullCollection: true) >> 20);
            Console.WriteLine(FormattableString.Invariant($"| {writers} | {e.PerSecond:N0} | {e.CpuMicroseconds:N1} | {heap} |"));
        }
    }
}
