using System.Buffers;
using System.Diagnostics;
using System.Text;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What the API sends of a stream's events. Their stored shape may change; this is its own.</summary>
internal static class Frames
{
    /// <summary>As an observer gets it.</summary>
    public static void Write(IBufferWriter<byte> to, RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case StreamCreated: Status(to, recorded.Revision, StreamStatus.Pending); break;
            case StreamStarted: Status(to, recorded.Revision, StreamStatus.Streaming); break;
            case ChunkPersisted e: Text(to, recorded.Revision, e.Offset, e.Text); break;
            case StreamNote or PartEvent: break;
            case var last: Ended(to, recorded.Revision, last); break;
        }
    }

    public static void Text(IBufferWriter<byte> to, Revision id, long offset, ReadOnlySpan<char> text)
    {
        Sse.Begin(to, id, "text"u8);
        to.Write("{\"offset\":"u8);
        Sse.Number(to, offset);
        to.Write(",\"text\":"u8);
        Sse.String(to, text);
        to.Write("}"u8);
        Sse.End(to);
    }

    /// <param name="text">The inside of a JSON string.</param>
    public static void EscapedText(IBufferWriter<byte> to, Revision id, long offset, ReadOnlySpan<byte> text)
    {
        Sse.Begin(to, id, "text"u8);
        to.Write("{\"offset\":"u8);
        Sse.Number(to, offset);
        to.Write(",\"text\":\""u8);
        to.Write(text);
        to.Write("\"}"u8);
        Sse.End(to);
    }

    /// <summary>The stream's events are gone: what the last of them said is not known.</summary>
    public static void Gone(IBufferWriter<byte> to)
    {
        Sse.Begin(to, null, "end"u8);
        to.Write("{\"status\":\"deleted\"}"u8);
        Sse.End(to);
    }

    /// <summary>Another program has written to the stream: what would come is not known, nor whether it has
    /// ended.</summary>
    public static void Foreign(IBufferWriter<byte> to, LogDamagedException e)
    {
        Sse.Begin(to, null, "end"u8);
        to.Write("{\"status\":\"unknown\",\"error\":{\"code\":"u8);
        Sse.String(to, StreamFailure.ForeignEvent);
        to.Write(",\"message\":"u8);
        Sse.String(to, e.Message);
        to.Write("}}"u8);
        Sse.End(to);
    }

    /// <summary>As the driver gets it.</summary>
    /// <param name="chars">UTF-16 code units of what is durable; null: left out.</param>
    /// <param name="shown">Which parts may be sent; null: the driver asked for none.</param>
    public static void Write(IBufferWriter<byte> to, DriverItem item, long? chars = null, ShownParts? shown = null)
    {
        if (item.Part is { } part)
        {
            if (IsShown(part, shown)) PartFrames.Write(to, part);
            return;
        }

        if (item.Text is { } text)
        {
            Sse.Begin(to, null, "text"u8);
            to.Write("{\"text\":"u8);
            Sse.String(to, text);
            to.Write("}"u8);
        }
        else if (item.Saved is { } saved)
        {
            Sse.Begin(to, null, "saved"u8);
            to.Write("{\"revision\":"u8);
            Sse.Number(to, saved.Revision.Value);
            to.Write(",\"length\":"u8);
            Sse.Number(to, saved.Length);
            Chars(to, chars);
            if (shown is not null) OpenParts(to, saved, shown);
            to.Write("}"u8);
        }
        else if (item.End is { } end)
        {
            Sse.Begin(to, null, "end"u8);
            End(to, end, chars);
        }

        Sse.End(to);
    }

    private static bool IsShown(DriverPart part, ShownParts? shown) =>
        part is DriverPart.Started e ? shown?.Sees(e.Part, e.Start) is true : shown?.Find(part.Part) is true;

    private static void OpenParts(IBufferWriter<byte> to, DriverSaved saved, ShownParts shown)
    {
        to.Write(",\"parts\":["u8);
        var isFirst = true;
        foreach (var (part, length) in saved.Parts)
        {
            if (shown.Find(part) is not true) continue;
            to.Write(isFirst ? "{\"part\":"u8 : ",{\"part\":"u8);
            isFirst = false;
            Sse.Number(to, part);
            to.Write(",\"length\":"u8);
            Sse.Number(to, length);
            to.Write("}"u8);
        }

        to.Write("]"u8);
    }

    private static void Chars(IBufferWriter<byte> to, long? chars)
    {
        if (chars is not { } known) return;
        to.Write(",\"chars\":"u8);
        Sse.Number(to, known);
    }

    private static void Status(IBufferWriter<byte> to, Revision id, StreamStatus status)
    {
        Sse.Begin(to, id, "status"u8);
        to.Write("{\"status\":"u8);
        Sse.String(to, status.Name());
        to.Write("}"u8);
        Sse.End(to);
    }

    private static void Ended(IBufferWriter<byte> to, Revision id, StreamEvent last)
    {
        Sse.Begin(to, id, "end"u8);
        End(to, DriverEnd.Of(last, id) ?? throw new UnreachableException($"{last} has no frame."));
        Sse.End(to);
    }

    private static void End(IBufferWriter<byte> to, DriverEnd end, long? chars = null)
    {
        to.Write("{\"status\":"u8);
        Sse.String(to, end.Status?.Name() ?? "unknown");
        if (end.Revision is { } known)
        {
            to.Write(",\"revision\":"u8);
            Sse.Number(to, known.Value);
        }

        to.Write(",\"length\":"u8);
        Sse.Number(to, end.Length);
        Chars(to, chars);
        if (end.FinishReason is { } finishReason)
        {
            to.Write(",\"finishReason\":"u8);
            Sse.String(to, finishReason);
        }

        if (end.Usage is { } usage)
        {
            to.Write(",\"usage\":"u8);
            Encoding.UTF8.GetBytes(KeptJson.OnOneLine(usage), to);
        }

        if (end.Error is { } error)
        {
            to.Write(",\"error\":{\"code\":"u8);
            Sse.String(to, error.Code);
            to.Write(",\"message\":"u8);
            Sse.String(to, error.Message);
            if (error.By is { } by)
            {
                to.Write(",\"by\":"u8);
                Sse.String(to, by);
            }

            to.Write("}"u8);
        }

        to.Write("}"u8);
    }
}
