using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Writes JSON as it is stored, compact and in the order of the calls. By hand, because the bytes are for ever: the
/// writers of the base class library escape emoji, and what else they escape changes with the Unicode tables of the
/// runtime.
/// </summary>
internal sealed class JsonBytes : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int length;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Open() => Add("{"u8);

    public void Close() => Add("}"u8);

    public void Open(ReadOnlySpan<byte> name)
    {
        Name(name);
        Add("{"u8);
    }

    public void Text(ReadOnlySpan<byte> name, string value)
    {
        Name(name);
        Quote(value);
    }

    public void Text(string name, string value)
    {
        Comma();
        Quote(name);
        Add(":"u8);
        Quote(value);
    }

    public void TextIfAny(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) Text(name, value);
    }

    public void Texts(ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        Name(name);
        Add("["u8);
        foreach (var value in values)
        {
            Comma();
            Quote(value);
        }

        Add("]"u8);
    }

    public void Number(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        length += written;
    }

    public void True(ReadOnlySpan<byte> name)
    {
        Name(name);
        Add("true"u8);
    }

    /// <summary>JSON from elsewhere, byte for byte. The caller has checked that it is JSON.</summary>
    public void Raw(ReadOnlySpan<byte> name, string json)
    {
        Name(name);
        AddUtf8(json);
    }

    /// <summary>RFC 3339 in UTC; fractions of a second where there are any, down to 100 ns.</summary>
    public void Time(ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        Name(name);
        value.UtcDateTime.TryFormat(Room(40), out var written, "'\"'yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z\"'", CultureInfo.InvariantCulture);
        length += written;
    }

    /// <summary>Seconds, with up to three decimals where they are not whole; what is below a millisecond is cut
    /// off.</summary>
    public void Seconds(ReadOnlySpan<byte> name, TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value.Ticks);
        var (seconds, milliseconds) = Math.DivRem(value.Ticks / TimeSpan.TicksPerMillisecond, 1000);
        Number(name, seconds);
        if (milliseconds != 0) AddUtf8((milliseconds / 1000m).ToString(".###", CultureInfo.InvariantCulture));
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        length += bytes.Length;
    }

    /// <summary>What was written, as an array of its own; the next event begins anew.</summary>
    public byte[] Take()
    {
        var taken = Written.ToArray();
        length = 0;
        return taken;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Comma();
        Add("\""u8);
        Add(name);
        Add("\":"u8);
    }

    private void Comma()
    {
        if (buffer[length - 1] is not ((byte)'{' or (byte)'[')) Add(","u8);
    }

    /// <summary>A string with no more escapes than JSON demands (those of RFC 8785); half a surrogate pair becomes
    /// U+FFFD.</summary>
    private void Quote(ReadOnlySpan<char> value)
    {
        Add("\""u8);
        while (value.IndexOfAny(TextCut.Escaped) is >= 0 and var at)
        {
            AddUtf8(value[..at]);
            Escape(value[at]);
            value = value[(at + 1)..];
        }

        AddUtf8(value);
        Add("\""u8);
    }

    private void Escape(char value)
    {
        Add(value switch
        {
            '"' => "\\\""u8,
            '\\' => @"\\"u8,
            '\b' => @"\b"u8,
            '\t' => @"\t"u8,
            '\n' => @"\n"u8,
            '\f' => @"\f"u8,
            '\r' => @"\r"u8,
            _ => @"\u00"u8,
        });
        if (value is '"' or '\\' or '\b' or '\t' or '\n' or '\f' or '\r') return;
        Utf8Formatter.TryFormat((byte)value, Room(2), out var written, new StandardFormat('x', 2));
        length += written;
    }

    private void AddUtf8(ReadOnlySpan<char> text)
    {
        length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
    }

    private Span<byte> Room(int bytes)
    {
        if (buffer.Length - length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + bytes));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        return buffer.AsSpan(length);
    }
}
