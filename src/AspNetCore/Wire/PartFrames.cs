using System.Buffers;
using System.Text;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What is sent of parts to a client that asks for them. <see cref="SentEvent.Part"/> relies on the number
/// being the first field.</summary>
internal static class PartFrames
{
    public static ReadOnlySpan<byte> StartName => "part"u8;

    public static ReadOnlySpan<byte> TextName => "part-text"u8;

    public static ReadOnlySpan<byte> EndName => "part-end"u8;

    /// <summary>As an observer gets it.</summary>
    public static void Write(IBufferWriter<byte> to, Revision id, PartEvent @event)
    {
        switch (@event)
        {
            case PartStarted e: Started(to, id, e.Part, e.Start, e.Before.Length); break;
            case PartPersisted e: Text(to, id, e.Part, e.Offset, e.Text); break;
            case PartEnded e: Ended(to, id, e.Part, e.Length, e.End); break;
            default: throw new System.Diagnostics.UnreachableException($"{@event} has no frame.");
        }
    }

    /// <summary>As the driver gets it.</summary>
    public static void Write(IBufferWriter<byte> to, DriverPart part)
    {
        switch (part)
        {
            case DriverPart.Started e: Started(to, null, e.Part, e.Start, e.Offset); break;
            case DriverPart.TextCame e: Text(to, null, e.Part, e.Offset, e.Text); break;
            case DriverPart.Ended e: Ended(to, null, e.Part, e.Length, e.End); break;
            default: throw new System.Diagnostics.UnreachableException($"{part} has no frame.");
        }
    }

    /// <param name="text">The inside of a JSON string.</param>
    public static void EscapedText(IBufferWriter<byte> to, Revision? id, int part, long offset, ReadOnlySpan<byte> text)
    {
        Begin(to, id, TextName, part);
        to.Write(",\"offset\":"u8);
        Sse.Number(to, offset);
        to.Write(",\"text\":\""u8);
        to.Write(text);
        to.Write("\"}"u8);
        Sse.End(to);
    }

    /// <summary>The fields of a start, as members of an object of which something has been written.</summary>
    public static void Fields(IBufferWriter<byte> to, PartStart start)
    {
        to.Write(",\"kind\":"u8);
        Sse.String(to, start.Kind);
        if (start.Of is { } of)
        {
            to.Write(",\"of\":"u8);
            Sse.Number(to, of);
        }

        TextIfAny(to, ",\"name\":"u8, start.Name);
        TextIfAny(to, ",\"callId\":"u8, start.CallId);
        TextIfAny(to, ",\"mediaType\":"u8, start.MediaType);
        TextIfAny(to, ",\"encoding\":"u8, start.Encoding.Name());
    }

    public static void TextIfAny(IBufferWriter<byte> to, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null) return;
        to.Write(name);
        Sse.String(to, text);
    }

    /// <param name="detail">A JSON object.</param>
    public static void Detail(IBufferWriter<byte> to, string? detail)
    {
        if (detail is null) return;
        to.Write(",\"detail\":"u8);
        Encoding.UTF8.GetBytes(KeptJson.OnOneLine(detail), to);
    }

    private static void Started(IBufferWriter<byte> to, Revision? id, int part, PartStart start, long offset)
    {
        Begin(to, id, StartName, part);
        Fields(to, start);
        Detail(to, start.Detail);
        to.Write(",\"offset\":"u8);
        Sse.Number(to, offset);
        to.Write("}"u8);
        Sse.End(to);
    }

    private static void Text(IBufferWriter<byte> to, Revision? id, int part, long offset, ReadOnlySpan<char> text)
    {
        Begin(to, id, TextName, part);
        to.Write(",\"offset\":"u8);
        Sse.Number(to, offset);
        to.Write(",\"text\":"u8);
        Sse.String(to, text);
        to.Write("}"u8);
        Sse.End(to);
    }

    private static void Ended(IBufferWriter<byte> to, Revision? id, int part, long length, PartEnd end)
    {
        Begin(to, id, EndName, part);
        to.Write(",\"length\":"u8);
        Sse.Number(to, length);
        Detail(to, end.Detail);
        TextIfAny(to, ",\"error\":"u8, end.Error);
        to.Write("}"u8);
        Sse.End(to);
    }

    private static void Begin(IBufferWriter<byte> to, Revision? id, ReadOnlySpan<byte> name, int part)
    {
        Sse.Begin(to, id, name);
        to.Write("{\"part\":"u8);
        Sse.Number(to, part);
    }
}
