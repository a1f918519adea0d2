using System.Security.Cryptography;

namespace EventSourcedStreams.Domain;

/// <summary>Writes an export line by line; the caller gives the streams in <see cref="Utf8Order"/>.</summary>
/// <param name="write">Takes the bytes, in order.</param>
internal sealed class ExportWriter(Action<byte[]> write) : IDisposable
{
    private static readonly byte[] LineFeed = "\n"u8.ToArray();

    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ExportCount count = new();

    public void Begin() => WriteDigested(ExportLines.Header);

    /// <exception cref="ExportLineTooLongException">It is too long for a line that can be read again.</exception>
    public void Write(CarriedItem item)
    {
        var line = ExportLines.Of(item);
        if (line.Length > ExportLines.MaxBytes)
            throw new ExportLineTooLongException($"Stream {item.Stream} has an event of {line.Length} bytes; a line of an export has at most {ExportLines.MaxBytes}.");
        count.Add(item);
        WriteDigested(line);
    }

    public ExportManifest End()
    {
        var manifest = count.Manifest(digest);
        write(ExportLines.Of(manifest));
        write(LineFeed);
        return manifest;
    }

    public void Dispose() => digest.Dispose();

    private void WriteDigested(byte[] line)
    {
        digest.AppendData(line);
        digest.AppendData(LineFeed);
        write(line);
        write(LineFeed);
    }
}
