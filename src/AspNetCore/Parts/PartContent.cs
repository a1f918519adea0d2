using System.Buffers;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// An answer in order: its parts by number, and the body between them, split where a part starts and where a mark in
/// the body ends. Written a batch of text at a time, as the client takes it.
/// </summary>
/// <param name="addressOf">Of a part, by its number: where the bytes of a file are served.</param>
internal sealed class PartContent(PartEvents events, PartIndex index, PacedAnswer answer, Func<int, string> addressOf, TextMemory memory)
{
    /// <summary>UTF-8 bytes of JSON that are held to be sent as a value; a longer one is sent as text.</summary>
    private const int MaxValue = 1024 * 1024;

    /// <summary>Less than what readers of JSON nest by default, which the answer's own levels count for.</summary>
    private const int ValueDepth = 60;

    private IBufferWriter<byte> Writer => answer.Writer;

    private long sent;                                                           // UTF-8 bytes of the body
    private Revision next = Revision.From(0);                                    // where the body goes on
    private bool hasOne;

    /// <returns>False: the client is gone.</returns>
    public async Task<bool> WriteAsync(CancellationToken ct)
    {
        var ends = new Queue<long>(index.Parts.Select(part => part.BodyEnd).OfType<long>().Order());
        foreach (var part in index.Parts)
        {
            if (!await BodyAsync(part.Offset, ends, ct) || !await PartAsync(part, ct)) return false;
        }

        return await BodyAsync(events.Point.Summary.Length, ends, ct);
    }

    private async Task<bool> BodyAsync(long to, Queue<long> ends, CancellationToken ct)
    {
        while (ends.TryPeek(out var end) && end <= to)
        {
            ends.Dequeue();
            if (end > sent && !await RunAsync(end, ct)) return false;
        }

        return to <= sent || await RunAsync(to, ct);
    }

    /// <summary>A run of the body, which parts neither start nor end within.</summary>
    private async Task<bool> RunAsync(long to, CancellationToken ct)
    {
        Begin();
        Writer.Write("\"kind\":\"text\",\"offset\":"u8);
        Sse.Number(Writer, sent);
        Writer.Write(",\"text\":\""u8);
        await foreach (var recorded in events.FromAsync(next, ct))
        {
            next = Revision.From(recorded.Revision.Value + 1);
            if (recorded.Event is not ChunkPersisted e) continue;
            Sse.Escaped(Writer, e.Text);
            sent = e.Offset + Encoding.UTF8.GetByteCount(e.Text);
            if (answer.IsFull && !await answer.FlushAsync()) return false;
            if (sent >= to) break;
        }

        if (sent != to) throw Torn($"its body has {sent} bytes where {to} are said to be");
        Writer.Write("\"}"u8);
        return true;
    }

    private async Task<bool> PartAsync(PartEntry part, CancellationToken ct)
    {
        var start = ((PartStarted)(await events.AtAsync(part.Start, ct)).Event).Start;
        Begin();
        Writer.Write("\"part\":"u8);
        Sse.Number(Writer, part.Number);
        PartFrames.Fields(Writer, start);
        Writer.Write(",\"offset\":"u8);
        Sse.Number(Writer, part.Offset);
        if (part.BodyEnd is { } bodyEnd)
        {
            Writer.Write(",\"end\":"u8);
            Sse.Number(Writer, bodyEnd);
        }

        if (part.Length > 0 && !await TextAsync(part, start, ct)) return false;
        var end = part.HasEnded ? ((PartEnded)(await events.AtAsync(part.Last, ct)).Event).End : new PartEnd();
        PartFrames.TextIfAny(Writer, ",\"state\":"u8, part.State.Name());
        PartFrames.TextIfAny(Writer, ",\"error\":"u8, end.Error);
        PartDetail.Write(Writer, start.Detail, end.Detail);
        Writer.Write("}"u8);
        return !answer.IsFull || await answer.FlushAsync();
    }

    private async Task<bool> TextAsync(PartEntry part, PartStart start, CancellationToken ct)
    {
        if (start.Encoding is PartEncoding.Base64 || start.Kind is PartKinds.File or PartKinds.InputFile)
        {
            PartFrames.TextIfAny(Writer, ",\"href\":"u8, addressOf(part.Number));
            return true;
        }

        if (start.Encoding is PartEncoding.Json && part.HasEnded && part.Length <= MaxValue) return await ValueAsync(part, ct);
        Writer.Write(",\"text\":\""u8);
        await foreach (var text in part.TextsAsync(events, ct))
        {
            Sse.Escaped(Writer, text);
            if (answer.IsFull && !await answer.FlushAsync()) return false;
        }

        Writer.Write("\""u8);
        return true;
    }

    private async Task<bool> ValueAsync(PartEntry part, CancellationToken ct)
    {
        memory.Hold(part.Length);
        try
        {
            var json = new ArrayBufferWriter<byte>((int)part.Length);
            await foreach (var text in part.TextsAsync(events, ct)) Encoding.UTF8.GetBytes(text, json);
            var isValue = IsValue(json.WrittenSpan);
            Writer.Write(isValue ? ",\"value\":"u8 : ",\"text\":\""u8);
            for (var at = 0; at < json.WrittenCount; at += PacedAnswer.FlushBytes)
            {
                var some = json.WrittenMemory.Slice(at, Math.Min(PacedAnswer.FlushBytes, json.WrittenCount - at));
                if (isValue) Writer.Write(some.Span);
                else Sse.Escaped(Writer, some.Span);
                if (answer.IsFull && !await answer.FlushAsync()) return false;
            }

            if (!isValue) Writer.Write("\""u8);
            return true;
        }
        finally
        {
            memory.Release(part.Length);
        }
    }

    private static bool IsValue(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ValueDepth });
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Begin()
    {
        Writer.Write(hasOne ? ",{"u8 : "{"u8);
        hasOne = true;
    }

    private LogDamagedException Torn(string why) => new(events.Point.Summary.Id.Value, events.Point.Head.Revision.Value, why);
}
