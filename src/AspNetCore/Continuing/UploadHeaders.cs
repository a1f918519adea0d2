using System.Globalization;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The headers of continued uploads, read and written (<see cref="UploadHeaderNames"/>).</summary>
internal static class UploadHeaders
{
    /// <exception cref="RefusedException">There is none, or it is no number.</exception>
    public static long RequireOffset(HttpRequest request) =>
        long.TryParse(request.Headers[UploadHeaderNames.Offset].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new RefusedException(Refusals.Invalid(
                UploadHeaderNames.Offset, "A continued upload says in Upload-Offset which of its bytes the body begins with: 0 at first, then what HEAD answers."));

    /// <summary>Whether the end of the body is the end of the upload: it is, unless it says <c>?0</c>.</summary>
    /// <exception cref="RefusedException">It is no boolean.</exception>
    public static bool IsLast(HttpRequest request) => request.Headers[UploadHeaderNames.Complete].ToString() switch
    {
        "" or "?1" => true,
        "?0" => false,
        _ => throw new RefusedException(Refusals.Invalid(UploadHeaderNames.Complete, "Upload-Complete is ?1 (the default) or ?0.")),
    };

    public static void Set(HttpResponse response, long offset, bool isComplete)
    {
        response.Headers[UploadHeaderNames.Offset] = offset.ToString(CultureInfo.InvariantCulture);
        response.Headers[UploadHeaderNames.Complete] = isComplete ? "?1" : "?0";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>Offsets are the text's own, so the body has to be what is stored.</summary>
    /// <exception cref="RefusedException">It is in another encoding, or compressed.</exception>
    public static void RequirePlainUtf8(HttpRequest request, bool replacesInvalid)
    {
        if (UploadCharset.Of(request.ContentType) is { Encoding: not null })
            throw new RefusedException(Refusals.Invalid("Content-Type", "A continued upload is UTF-8. Convert the text, or leave 'continue' out."));
        if (ContentCodings.Parse(request.Headers.ContentEncoding) is not { Count: 0 })
            throw new RefusedException(Refusals.Invalid(
                "Content-Encoding", "A continued upload is not compressed. Send the text as it is, or leave 'continue' out."));
        if (replacesInvalid)
            throw new RefusedException(Refusals.Invalid("invalid", "A continued upload keeps every byte. Leave 'invalid' out, or 'continue'."));
    }

    /// <summary>What the stream is, and how many bytes of its text are durable.</summary>
    public static async Task<StreamState> StateAsync(StreamEngine engine, StreamId stream, CancellationToken ct) =>
        StreamState.After((await engine.Log.ReadEndAsync(stream, ct))?.Decisive);
}
