namespace EventSourcedStreams.EventLogBench;

/// <summary>Durable appends a second, the engine and bare SQLite in turns.</summary>
internal static class Appends
{
    private const int Turns = 3;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(BenchFolder folder)
    {
        Console.WriteLine("| writers | engine events/s | CPU us | bare SQLite events/s | CPU us | engine / bare | working set MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var writers in new[] { 1, 16, 256 })
        {
            List<Figures> engine = [], bare = [];
            for (var turn = 0; turn < Turns; turn++)
            {
                await using var log = await BenchFolder.OpenAsync(folder.Next());
                var appends = new EngineAppends(writers, Duration);
                engine.Add(await Figures.OfAsync(() => appends.RunAsync(log)));
                using var database = new BareAppends(folder.Next());
                bare.Add(await Figures.OfAsync(() => Task.FromResult(database.Run(writers, Duration))));
            }

            var (e, b) = (Figures.Median(engine), Figures.Median(bare));
            Console.WriteLine(FormattableString.Invariant(
                $"| {writers} | {e.PerSecond:N0} | {e.CpuMicroseconds:N1} | {b.PerSecond:N0} | {b.CpuMicroseconds:N1} | {e.PerSecond / b.PerSecond:N2} | {Environment.WorkingSet >> 20} |"));
        }
    }
}
