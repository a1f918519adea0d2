using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Server-sent events, as bytes. Text goes as JSON: written plainly, it would lose each CR and a leading
/// space.</summary>
internal static class Sse
{
    public const string ContentType = "text/event-stream";

    /// <summary>How often an open event stream gets a comment line, so that no proxy takes it for dead.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static ReadOnlySpan<byte> Comment => ":\n\n"u8;

    /// <summary>After how many milliseconds a browser comes again; said at most once an answer. What follows is in the
    /// same block.</summary>
    public static ReadOnlySpan<byte> Retry => "retry: 2000\n"u8;

    public static ReadOnlySpan<byte> LogIsAway => ": the event log does not answer; this goes on when it does\n\n"u8;

    public static ReadOnlySpan<byte> IsBusy => ": the server has as much to do as it can take; this goes on when it has less\n\n"u8;

    /// <summary>Writes an event up to its data, which has to follow, and <see cref="End"/>.</summary>
    /// <param name="id">Null: an event that a client must not resume after.</param>
    public static void Begin(IBufferWriter<byte> to, Revision? id, ReadOnlySpan<byte> name)
    {
        if (id is { } revision)
        {
            to.Write("id: "u8);
            Number(to, revision.Value);
            to.Write("\n"u8);
        }

        to.Write("event: "u8);
        to.Write(name);
        to.Write("\ndata: "u8);
    }

    public static void End(IBufferWriter<byte> to) => to.Write("\n\n"u8);

    public static void Number(IBufferWriter<byte> to, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        to.Write(digits[..written]);
    }

    /// <summary>A JSON string. The base class library's encoders write an emoji as twelve characters; all that must be
    /// escaped is this.</summary>
    public static void String(IBufferWriter<byte> to, ReadOnlySpan<char> text)
    {
        to.Write("\""u8);
        Escaped(to, text);
        to.Write("\""u8);
    }

    /// <summary>The inside of a JSON string.</summary>
    public static void Escaped(IBufferWriter<byte> to, ReadOnlySpan<char> text)
    {
        while (true)
        {
            var plain = text.IndexOfAny(EscapedChars);
            Encoding.UTF8.GetBytes(plain < 0 ? text : text[..plain], to);
            if (plain < 0) return;
            Escape(to, text[plain]);
            text = text[(plain + 1)..];
        }
    }

    /// <inheritdoc cref="Escaped(IBufferWriter{byte}, ReadOnlySpan{char})"/>
    /// <param name="text">UTF-8.</param>
    public static void Escaped(IBufferWriter<byte> to, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var plain = text.IndexOfAny(EscapedBytes);
            to.Write(plain < 0 ? text : text[..plain]);
            if (plain < 0) return;
            Escape(to, (char)text[plain]);
            text = text[(plain + 1)..];
        }
    }

    public static void Answer(HttpResponse response, StreamId stream)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        NotKept(response, stream);
    }

    /// <summary>An answer that comes bit by bit: not to be stored, nor gathered on its way.</summary>
    public static void NotKept(HttpResponse response, StreamId stream)
    {
        NotKept(response);
        response.Headers["X-Stream-Id"] = stream.Value;
    }

    /// <inheritdoc cref="NotKept(HttpResponse, StreamId)"/>
    public static void NotKept(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private static readonly SearchValues<char> EscapedChars =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private static readonly SearchValues<byte> EscapedBytes =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private static void Escape(IBufferWriter<byte> to, char c)
    {
        switch (c)
        {
            case '"': to.Write("\\\""u8); break;
            case '\\': to.Write("\\\\"u8); break;
            case '\n': to.Write("\\n"u8); break;
            case '\r': to.Write("\\r"u8); break;
            case '\t': to.Write("\\t"u8); break;
            default:
                Span<byte> hex = stackalloc byte[2];
                ((byte)c).TryFormat(hex, out _, "x2", CultureInfo.InvariantCulture);
                to.Write("\\u00"u8);
                to.Write(hex);
                break;
        }
    }
}
