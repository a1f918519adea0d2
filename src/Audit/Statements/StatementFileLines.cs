using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Statements;

/// <summary>A file's lines as bytes, each with its line feed: what is signed is bytes.</summary>
internal sealed class StatementFileLines(Stream input, string file)
{
    /// <summary>A stream's id of 512 characters, all of them escaped, and what stands beside it.</summary>
    private const int MaxLine = 64 * 1024;

    private readonly byte[] buffer = new byte[MaxLine];
    private int start, end, length;

    /// <summary>Valid until the next move. The last one has no line feed where the file ends without.</summary>
    public ReadOnlyMemory<byte> Current => buffer.AsMemory(start, length);

    public bool IsAtEnd { get; private set; }

    /// <exception cref="AuditException">A line that is longer than any of ours.</exception>
    public bool MoveNext()
    {
        start += length;
        length = 0;
        while (true)
        {
            var feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (feed >= 0) return SetLength(feed + 1);
            if (start > 0) Array.Copy(buffer, start, buffer, 0, end -= start);
            start = 0;
            if (end == buffer.Length) throw new AuditException($"{file} has a line of more than {MaxLine} bytes, and is no statement.");
            var read = input.Read(buffer, end, buffer.Length - end);
            end += read;
            if (read == 0) return end > 0 ? SetLength(end) : !(IsAtEnd = true);
        }
    }

    private bool SetLength(int bytes)
    {
        length = bytes;
        return true;
    }
}
