using System.IO.Compression;

namespace EventSourcedStreams.TestKit;

/// <summary>Folders of embedded logs as older versions left them (Old/README.md), to be changed by one test
/// each.</summary>
public static class OldFolder
{
    /// <summary>The text streams in the folder of commit 86f4349.</summary>
    public static IReadOnlyList<string> Streams { get; } =
        ["done", "large", "cancelled", "failed", "timed-out", "deleted", "damaged", "pending", "live", "live-2"];

    /// <summary>With live, ended, deleted and damaged streams, its write-ahead log not emptied.</summary>
    public static void Write86f4349(string folder) =>
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Old", "86f4349.zip"), folder);
}
