namespace EventSourcedStreams.Audit.ExportFormat;

/// <summary>Lines of bytes, each ended by a line feed; in memory is one of them, and it is bounded.</summary>
internal sealed class LineReader(Stream stream, int maxBytes)
{
    private byte[] buffer = new byte[64 << 10];
    private int start, end;

    /// <summary>From 1, of the line that was read last.</summary>
    public long Number { get; private set; }

    /// <summary>Where the line that was read last begins, and where the next one does: bytes from where the reading
    /// began.</summary>
    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>The next line without its line feed, good until the next call; null at the end.</summary>
    /// <exception cref="FormatException">It is too long, or the last one has no line feed: it was cut off.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        Number++;
        for (var looked = 0; ;)
        {
            if (buffer.AsSpan(start + looked, end - start - looked).IndexOf((byte)'\n') is >= 0 and var found)
            {
                if (looked + found > maxBytes) throw TooLong();
                var line = buffer.AsMemory(start, looked + found);
                start += looked + found + 1;
                (Start, End) = (End, End + looked + found + 1);
                return line;
            }

            looked = end - start;
            if (looked > maxBytes) throw TooLong();
            MakeRoom();
            var read = await stream.ReadAsync(buffer.AsMemory(end), ct);
            end += read;
            if (read > 0) continue;
            return looked == 0 ? null : throw new FormatException("The file ends within this line: it was cut off.");
        }
    }

    private FormatException TooLong() => new($"The line is longer than {maxBytes} bytes.");

    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
    }
}
