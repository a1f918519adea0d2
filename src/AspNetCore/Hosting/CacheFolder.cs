namespace EventSourcedStreams.AspNetCore;

/// <summary>Where a node whose log is elsewhere keeps its list of streams: a cache, used by one process at a
/// time.</summary>
internal sealed class CacheFolder : IDisposable
{
    private readonly FileStream? held;

    private CacheFolder(string path, FileStream? held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <param name="path">Kept, so that a start reads only what is new; null: a temporary one, gone with the
    /// process.</param>
    /// <exception cref="IOException">Another process uses it, or it cannot be written to.</exception>
    public static CacheFolder Open(string? path)
    {
        if (path is null) return new CacheFolder(Directory.CreateTempSubdirectory("event-sourced-streams-").FullName, held: null);
        try
        {
            Directory.CreateDirectory(path);
            var file = System.IO.Path.Combine(path, "lock");
            return new CacheFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"EventStore:CachePath: {path} is used by another process, or cannot be written to: {e.Message} Give each process a folder of its own.", e);
        }
    }

    public void Dispose()
    {
        if (held is not null)
        {
            held.Dispose();
            return;
        }

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // What is temporary may stay behind; the next start takes another one.
        }
    }
}
