using EventSourcedStreams.EventLogBench;

// EventLogBench [appends | catch-up | big <events> | store] …: without arguments appends and catch-up. A folder for the
// files is made in the temporary folder (TMPDIR): it has to be on the disk that is to be measured. store takes a real
// server's EVENTSTOREDB_CONNECTION_STRING too, and where it runs on this machine EVENTSTOREDB_PID, to tell its CPU
// time.
if (args is ["serve", var path])
{
    await ServedLog.ServeAsync(path);
    return 0;
}

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
        case "store":
            await Stores.RunAsync(folder);
            break;
        default:
            Console.Error.WriteLine($"{modes[i]}? There are: appends, catch-up, big <events>, store.");
            return 2;
    }
}

return 0;
