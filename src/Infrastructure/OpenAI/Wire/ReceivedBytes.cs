namespace EventSourcedStreams.OpenAI;

/// <summary>Bytes of a body that have come and are not used up, by lines. LF, CR and CRLF end a line.</summary>
internal sealed class ReceivedBytes
{
    private const int UsualBytes = 16 * 1024;

    private byte[] bytes = new byte[UsualBytes];
    private int start;
    private int end;
    private int searched;
    private bool isAfterReturn;

    public bool IsComplete { get; private set; }

    public ReadOnlyMemory<byte> Rest => bytes.AsMemory(start, end - start);

    /// <summary>Room for at least one byte more. What was given out before is no longer valid.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (start == end)
            {
                (start, end, searched) = (0, 0, 0);
                if (bytes.Length > 4 * UsualBytes) bytes = new byte[UsualBytes];         // one large event is past
            }
            else if (end == bytes.Length)
            {
                var room = end - start > bytes.Length / 2 ? new byte[2 * bytes.Length] : bytes;
                bytes.AsSpan(start, end - start).CopyTo(room);
                (bytes, searched, end, start) = (room, searched - start, end - start, 0);
            }

            return bytes.AsMemory(end);
        }
    }

    public void Advance(int count) => end += count;

    public void Complete() => IsComplete = true;

    public void Skip(int count)
    {
        start += count;
        searched = Math.Max(searched, start);
    }

    /// <summary>Passes over a byte-order mark, and over what pads a line: spaces, tabs, NULs.</summary>
    public void SkipPadding()
    {
        if (isAfterReturn && start < end)
        {
            if (bytes[start] == '\n') Skip(1);
            isAfterReturn = false;
        }

        var rest = Rest.Span;
        if (rest.StartsWith("\uFEFF"u8)) rest = rest[3..];
        Skip(end - start - rest.TrimStart(" \t\0"u8).Length);
    }

    /// <summary>The next line without its end; at the body's end the rest is one.</summary>
    public bool TryLine(out ReadOnlyMemory<byte> line)
    {
        line = default;
        var at = bytes.AsSpan(searched, end - searched).IndexOfAny((byte)'\n', (byte)'\r');
        if (at < 0)
        {
            searched = end;
            if (!IsComplete || start == end) return false;
            line = Rest;
            start = end;
            return true;
        }

        var lineEnd = searched + at;
        line = bytes.AsMemory(start, lineEnd - start);
        isAfterReturn = bytes[lineEnd] == '\r';
        start = searched = lineEnd + 1;
        return true;
    }
}
