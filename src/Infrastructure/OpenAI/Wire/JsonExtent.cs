namespace EventSourcedStreams.OpenAI;

/// <summary>Finds where a JSON list, object or string ends, over any number of pieces, by its brackets and quotes
/// alone.</summary>
internal struct JsonExtent
{
    private int depth;
    private bool isString;
    private bool isEscaped;

    /// <summary>Whether a value that begins so can be told from what follows it.</summary>
    public static bool Knows(byte first) => first is (byte)'{' or (byte)'[' or (byte)'"';

    /// <returns>How many bytes of the piece belong to the value; -1: all of them, and it goes on.</returns>
    public int Scan(ReadOnlySpan<byte> piece)
    {
        for (var at = 0; at < piece.Length; at++)
        {
            if (isString)
            {
                if (!isEscaped)
                {
                    var skipped = piece[at..].IndexOfAny((byte)'"', (byte)'\\');
                    if (skipped < 0) return -1;
                    at += skipped;
                }

                isString = isEscaped || piece[at] != '"';
                isEscaped = !isEscaped && piece[at] == '\\';
                if (!isString && depth == 0) return at + 1;
                continue;
            }

            switch (piece[at])
            {
                case (byte)'"':
                    isString = true;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when --depth <= 0:
                    return at + 1;
            }
        }

        return -1;
    }
}
