using EventSourcedStreams.EventLogBench;

// EventLogBench [appends | catch-up | big <events>] …: without arguments appends and catch-up. A folder for the files is made in the
// temporary folder (TMPDIR): it has to be on the disk that is to be measured.
var modes = args.Length == 0 ? ["appends", "catch-up"] : args;
for (var i = 0; i < modes.Length; i++)
{
    using var folder = new BenchFolder();
    switch (modes[i])
    {
        case "appends":
            await Appends.RunAsync(folder);
            break;
        case "catch-up":
            await CatchUp.RunAsync(folder);
            break;
        case "big":
            await BigLog.RunAsync(folder, i + 1 < modes.Length && int.TryParse(modes[i + 1], out var events) ? events : 5_000_000);
            i++;
            break;
        default:
            Console.Error.WriteLine($"{modes[i]}? There are: appends, catch-up, big <events>.");
            return 2;
    }
}

return 0;
