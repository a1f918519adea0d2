using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The text is the driving request's body: UTF-8, as it comes, until it ends. Not read on while too much is unsaved.</summary>
internal sealed class UploadSource : ITextSource
{
    private const int ReadBytes = 16 * 1024;

    public string Name => "upload";

    /// <summary>Null where a body of this content type can be taken, otherwise what to say to the client, before anything is claimed.</summary>
    public static string? Accepts(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType)) return null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var given) || given.MediaType is not { } mediaType)
            return $"The content type '{contentType}' cannot be read. Send 'Content-Type: text/plain; charset=utf-8', or none.";
        if (!mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return $"An upload is text, not {mediaType}. Send 'Content-Type: text/plain; charset=utf-8', or none.";
        return given.CharSet?.Trim('"').ToUpperInvariant() is null or "UTF-8" or "UTF8" or "US-ASCII"
            ? null
            : $"An upload is UTF-8, not {given.CharSet}. Convert it and send 'Content-Type: {mediaType}; charset=utf-8'.";
    }

    public void Validate(JsonElement? input)
    {
        if (input is { ValueKind: not JsonValueKind.Null })
            throw new InvalidInputException("input", "The source 'upload' takes no input: its text is the body of the drive request. Leave it out.");
    }

    public bool TakesBody => true;

    public void ValidateBody(string? contentType)
    {
        if (Accepts(contentType) is { } refusal) throw new InvalidInputException("Content-Type", refusal);
    }

    public SourceDescription Describe(JsonElement? input) => new(Provider: null, Model: null);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        if (Accepts(request.BodyContentType) is { } refusal) throw new SourceFailedException("unsupported-content-type", refusal);
        if (request.Body is not { } body)
            throw new SourceFailedException("no-body", "The drive request had no body. Send the text as the body of POST …/drive.");

        var bytes = ArrayPool<byte>.Shared.Rent(ReadBytes);
        var chars = ArrayPool<char>.Shared.Rent(Utf8TextDecoder.MaxChars(bytes.Length));
        try
        {
            var decoder = new Utf8TextDecoder();
            while (await ReadAsync(body, bytes, ct) is > 0 and var read)
            {
                var written = decoder.Decode(bytes.AsSpan(0, read), chars);
                if (written > 0) await output.AppendAsync(chars.AsSpan(0, written), ct);
                ThrowIfBad(decoder);
            }

            decoder.End();
            ThrowIfBad(decoder);
            return SourceResult.Ended;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream body, byte[] bytes, CancellationToken ct)
    {
        try
        {
            return await body.ReadAsync(bytes, ct);
        }
        catch (Exception e)
        {
            // A connection that goes away can show as a cancellation too, though not as ours.
            ct.ThrowIfCancellationRequested();
            throw new SourceFailedException("upload-interrupted", "The upload broke off before its end. The text that came until then is kept.", e);
        }
    }

    private static void ThrowIfBad(Utf8TextDecoder decoder)
    {
        if (decoder.BadByteAt is { } at)
            throw new SourceFailedException("invalid-utf8", $"The upload is not UTF-8 at byte offset {at}. The text before it is kept.");
    }
}
