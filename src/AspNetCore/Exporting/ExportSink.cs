using System.Security.Cryptography;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Takes the bytes of an export from its beginning, and hands on those behind an offset: what its client has
/// already is made again, because the last line has the hash of all.</summary>
/// <param name="offset">How many bytes the client has.</param>
/// <param name="digest">Their SHA-256, in lower-case hex; null: that is not asked.</param>
internal sealed class ExportSink(long offset, string? digest) : IDisposable
{
    private readonly List<ReadOnlyMemory<byte>> waiting = [];
    private readonly IncrementalHash? before = digest is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes from the export's beginning.</summary>
    public long Position { get; private set; }

    /// <summary>What is to be sent.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Waiting => waiting;

    /// <exception cref="RefusedException">The client's bytes are not those of the export, as it is now.</exception>
    public void Write(byte[] bytes)
    {
        var known = (int)Math.Clamp(offset - Position, 0, bytes.Length);
        if (known > 0) before?.AppendData(bytes, 0, known);
        var reaches = Position < offset && Position + bytes.Length >= offset;
        Position += bytes.Length;
        if (reaches && before is not null && Convert.ToHexStringLower(before.GetCurrentHash()) != digest) throw new RefusedException(Refusals.ExportChanged());
        if (known < bytes.Length) waiting.Add(bytes.AsMemory(known));
    }

    public void Sent() => waiting.Clear();

    public void Dispose() => before?.Dispose();
}
