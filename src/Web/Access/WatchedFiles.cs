using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.Web;

/// <summary>Files whose changes the system tells of. Where it has no watch left for this process (Linux has 128 for all
/// of a user's by default), they are looked at every few seconds instead.</summary>
/// <param name="watched">Asked first.</param>
/// <param name="polled">The same files.</param>
/// <param name="output">Is told once that they are polled, and why.</param>
internal sealed class WatchedFiles(IFileProvider watched, IFileProvider polled, TextWriter output) : IFileProvider
{
    private int isPolled;

    public IDirectoryContents GetDirectoryContents(string subpath) => watched.GetDirectoryContents(subpath);

    public IFileInfo GetFileInfo(string subpath) => watched.GetFileInfo(subpath);

    public IChangeToken Watch(string filter)
    {
        if (Volatile.Read(ref isPolled) != 0) return polled.Watch(filter);
        try
        {
            return watched.Watch(filter);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            if (Interlocked.Exchange(ref isPolled, 1) == 0)
                output.WriteLine($"Changes of {filter} cannot be watched, so it is looked at every few seconds instead: {e.Message}");
            return polled.Watch(filter);
        }
    }

    /// <summary>Where no watch is left at all, the settings beside the program are polled too; before they are
    /// read.</summary>
    public static void PollIfNoneIsLeft(string folder, TextWriter output)
    {
        try
        {
            using var probe = new FileSystemWatcher(folder) { EnableRaisingEvents = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            Environment.SetEnvironmentVariable("DOTNET_USE_POLLING_FILE_WATCHER", "true"); // the providers' own switch
            output.WriteLine($"Changes of settings cannot be watched, so their files are looked at every few seconds instead: {e.Message}");
        }
    }

    /// <summary>The files below a folder.</summary>
    public static WatchedFiles Below(string folder, TextWriter output) => new(
        new PhysicalFileProvider(folder), new PhysicalFileProvider(folder) { UsePollingFileWatcher = true, UseActivePolling = true }, output);
}
