namespace EventSourcedStreams.Audit.Tests;

/// <summary>Every file of a folder, to the byte, with the time of its last change; and the folder's own.</summary>
internal sealed record FolderContents(IReadOnlyList<(string Name, DateTime Written, string Bytes)> Files)
{
    public static FolderContents Of(string folder) => new(
    [
        .. new DirectoryInfo(folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => (file.Name, file.LastWriteTimeUtc, Convert.ToHexString(Hash(file.FullName)))),
        (".", Directory.GetLastWriteTimeUtc(folder), ""),
    ]);

    private static byte[] Hash(string file) => System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file));
}
