using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A request's JSON, read strictly: what one parser reads so and another otherwise is refused.</summary>
internal static class JsonBody
{
    /// <summary>A content type for routing, which would refuse others itself, and an empty body that has
    /// none.</summary>
    public const string CheckedHere = "*/*";

    /// <summary>The body's object; null: the body is empty. Its raw text is as received.</summary>
    /// <exception cref="RefusedException">It is too large, not JSON, not an object, or not text (half a surrogate
    /// pair).</exception>
    public static async Task<JsonElement?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var bytes = await ReadBytesAsync(request, ct);
        if (bytes.Length == 0) return null;
        RefuseOtherContent(request.ContentType);
        if (!Utf8.IsValid(bytes.Span)) throw new RefusedException(Refusals.InvalidJson("The body is not UTF-8."));
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        return Parse(bytes);
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var root = JsonDocument.Parse(bytes).RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new RefusedException(Refusals.InvalidJson("The body has to be a JSON object."));
            JsonStrictness.Check(root);
            return root;
        }
        catch (JsonException e)
        {
            throw new RefusedException(Refusals.InvalidJson(
                $"The body stops being JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, CancellationToken ct)
    {
        // The bound is ours, and the answer too: the server's own would cut the connection of a client that is still
        // sending.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var most = RequestSizes.Of(request.HttpContext).BodyBytes;
        if (request.ContentLength > most) throw TooLarge(most);

        using var content = new AwaitedBody(request.HttpContext);
        var body = new ArrayBufferWriter<byte>((int)Math.Min(request.ContentLength ?? 1024, most) + 1);
        while (await content.ReadAsync(body.GetMemory(), ct) is > 0 and var read)
        {
            body.Advance(read);
            if (body.WrittenCount > most) throw TooLarge(most);
        }

        return body.WrittenMemory;
    }

    private static RefusedException TooLarge(int most) => new(Refusals.TooLarge(null, $"A body has at most {most} bytes."));

    /// <summary>
    /// Also a matter of safety: a page of another site can post text/plain, and bytes without any type, without a
    /// preflight.
    /// </summary>
    private static void RefuseOtherContent(string? contentType)
    {
        if (MediaTypeHeaderValue.TryParse(contentType, out var given)
            && (IsJson(given.MediaType) && given.CharSet?.Trim('"') is var charset)
            && (charset is null || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return;

        throw new RefusedException(Refusals.UnsupportedMediaType("The body is JSON in UTF-8: send 'Content-Type: application/json'."));
    }

    private static bool IsJson(string? mediaType) =>
        mediaType is not null
        && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
