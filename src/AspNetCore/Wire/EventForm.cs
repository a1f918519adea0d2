using System.Buffers;
using System.Text;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How one client is sent the events that all observers share: as they are, each with its stream's name, or as
/// the members of a JSON array; with offsets in UTF-16 where it asked for them.</summary>
internal abstract class EventForm
{
    /// <summary>UTF-16 code units of the text up to the last event; null: they are not counted, or not known
    /// yet.</summary>
    public long? Chars { get; set; }

    /// <summary>Whether characters are wanted at all.</summary>
    public bool CountsChars { get; init; }

    /// <summary>Which parts are sent; null: none are among the events.</summary>
    public ShownParts? Parts { get; init; }

    /// <param name="events">Whole events, in order, each of the stream once.</param>
    public void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> events)
    {
        while (SentEvent.TryTake(ref events, out var next))
        {
            if (Parts?.Shows(next) is false) continue;
            var before = Chars;
            if (before is not null && next.IsText) Chars += CharsOf(next.EscapedText);
            Write(to, next, next.IsText || (next.IsEnd && !next.Id.IsEmpty) ? before : null);
        }
    }

    /// <param name="chars">That the data is to have.</param>
    protected abstract void Write(IBufferWriter<byte> to, SentEvent next, long? chars);

    /// <summary>The rest of an object, of which something has been written.</summary>
    protected static void WriteRest(IBufferWriter<byte> to, SentEvent next, long? chars)
    {
        if (chars is { } known)
        {
            to.Write("\"chars\":"u8);
            Sse.Number(to, known);
            to.Write(","u8);
        }

        to.Write(next.Data[1..]);
    }

    /// <summary>UTF-16 code units of what is the inside of a JSON string, as
    /// <see cref="Sse.Escaped(IBufferWriter{byte}, ReadOnlySpan{byte})"/> writes it.</summary>
    internal static int CharsOf(ReadOnlySpan<byte> escaped)
    {
        var chars = Encoding.UTF8.GetCharCount(escaped);
        while (escaped.IndexOf((byte)'\\') is >= 0 and var at)
        {
            var length = escaped[at + 1] == (byte)'u' ? 6 : 2;
            chars -= length - 1;
            escaped = escaped[(at + length)..];
        }

        return chars;
    }
}

/// <summary>Server-sent events of one stream.</summary>
internal sealed class OwnEvents : EventForm
{
    protected override void Write(IBufferWriter<byte> to, SentEvent next, long? chars)
    {
        if (!next.Id.IsEmpty)
        {
            to.Write("id: "u8);
            to.Write(next.Id);
            to.Write("\n"u8);
        }

        to.Write("event: "u8);
        to.Write(next.Name);
        to.Write("\ndata: {"u8);
        WriteRest(to, next, chars);
        Sse.End(to);
    }
}

/// <summary>Server-sent events of several streams in one answer: an id would be of one of them, so the cursor stands in
/// the data.</summary>
internal sealed class SharedEvents(StreamId stream) : EventForm
{
    public void Begin(IBufferWriter<byte> to, ReadOnlySpan<byte> name)
    {
        Sse.Begin(to, null, name);
        to.Write("{\"stream\":"u8);
        Sse.String(to, stream.Value);
        to.Write(","u8);
    }

    protected override void Write(IBufferWriter<byte> to, SentEvent next, long? chars)
    {
        Begin(to, next.Name);
        if (!next.Id.IsEmpty)
        {
            to.Write("\"cursor\":"u8);
            to.Write(next.Id);
            to.Write(","u8);
        }

        WriteRest(to, next, chars);
        Sse.End(to);
    }
}

/// <summary>Members of a JSON array.</summary>
internal sealed class ListedEvents : EventForm
{
    private bool hasOne;

    protected override void Write(IBufferWriter<byte> to, SentEvent next, long? chars)
    {
        to.Write(hasOne ? ",{"u8 : "{"u8);
        hasOne = true;
        if (!next.Id.IsEmpty)
        {
            to.Write("\"id\":"u8);
            to.Write(next.Id);
            to.Write(","u8);
        }

        to.Write("\"event\":\""u8);
        to.Write(next.Name);
        to.Write("\",\"data\":{"u8);
        WriteRest(to, next, chars);
        to.Write("}"u8);
    }
}
