using System.Buffers;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The text is the driving request's body, as it comes, until it ends. Not read on while too much is
/// unsaved.</summary>
internal sealed class UploadSource : ITextSource
{
    private const int ReadBytes = 16 * 1024;

    public string Name => "upload";

    public void Validate(JsonElement? input)
    {
        if (input is { ValueKind: not JsonValueKind.Null })
            throw new InvalidInputException("input", "The source 'upload' takes no input: its text is the body of the drive request. Leave it out.");
    }

    public bool TakesBody => true;

    public void ValidateBody(string? contentType)
    {
        if (UploadCharset.Of(contentType).Refusal is { } refusal) throw new InvalidInputException("Content-Type", refusal);
    }

    public SourceDescription Describe(JsonElement? input) => new(Provider: null, Model: null);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        var (encoding, refusal) = UploadCharset.Of(request.BodyContentType);
        if (refusal is not null) throw new SourceFailedException("unsupported-content-type", refusal);
        if (request.Body is not { } body)
            throw new SourceFailedException("no-body", "The drive request had no body. Send the text as the body of POST …/drive.");

        var replacing = body is UploadBody { ReplacesInvalid: true } ? output as IReplacingAppender : null;
        var decoder = DecoderFor(encoding, replaces: replacing is not null);
        var bytes = ArrayPool<byte>.Shared.Rent(ReadBytes);
        var chars = ArrayPool<char>.Shared.Rent(decoder.MaxChars(bytes.Length));
        try
        {
            for (var isLast = false; !isLast;)
            {
                var read = await ReadAsync(body, bytes, ct);
                isLast = read == 0;
                var decoded = decoder.Decode(bytes.AsSpan(0, read), chars, isLast);
                if (replacing is not null) await replacing.AppendAsync(chars.AsSpan(0, decoded.Chars), decoded.Replaced).UnlessEndedAsync(ct);
                else if (decoded.Chars > 0) await output.AppendAsync(chars.AsSpan(0, decoded.Chars), ct);
                if (decoded.Fault is { } fault) throw new SourceFailedException(fault.Code, fault.Message);
            }

            return SourceResult.Ended;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static IUploadDecoder DecoderFor(Encoding? encoding, bool replaces) => encoding switch
    {
        null when !replaces => new StrictUtf8(),
        null => new CharsetDecoder(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), replaces),
        UnicodeEncoding or UTF32Encoding => new SignedUnicode(encoding, replaces),
        _ => new CharsetDecoder(encoding, replaces),
    };

    private static async ValueTask<int> ReadAsync(Stream body, byte[] bytes, CancellationToken ct)
    {
        try
        {
            return await body.ReadAsync(bytes, ct);
        }
        catch (Exception e) when (e is not SourceFailedException)
        {
            // A connection that goes away can show as a cancellation too, though not as ours.
            ct.ThrowIfCancellationRequested();
            throw new SourceFailedException("upload-interrupted", "The upload broke off before its end. The text that came until then is kept.", e);
        }
    }
}
