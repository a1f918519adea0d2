using System.Buffers;

namespace EventSourcedStreams.OpenAI;

/// <summary>A JSON value that goes over several lines or reads, as far as it has come.</summary>
internal sealed class OpenValue
{
    private const int KeptBytes = 64 * 1024;

    private ArrayBufferWriter<byte> begun = new();
    private JsonExtent extent;

    /// <summary>A value has begun and is not complete.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Bytes of it, or of the last one until <see cref="Clear"/>.</summary>
    public int Bytes => begun.WrittenCount;

    /// <returns>How many bytes of the piece belong to the value; -1: all of them, and it goes on.</returns>
    public int Scan(ReadOnlySpan<byte> piece) => extent.Scan(piece);

    public void Keep(ReadOnlySpan<byte> piece)
    {
        IsOpen = true;
        begun.Write(piece);
    }

    /// <summary>The value, of which this is the end.</summary>
    public ReadOnlyMemory<byte> Complete(ReadOnlyMemory<byte> end)
    {
        extent = default;
        if (!IsOpen) return end;
        IsOpen = false;
        begun.Write(end.Span);
        return begun.WrittenMemory;
    }

    /// <summary>It will not be completed.</summary>
    public void Break() => IsOpen = false;

    /// <summary>What was given out is used up.</summary>
    public void Clear()
    {
        if (IsOpen || begun.WrittenCount == 0) return;
        extent = default;
        if (begun.Capacity > KeptBytes) begun = new ArrayBufferWriter<byte>();
        else begun.ResetWrittenCount();
    }
}
