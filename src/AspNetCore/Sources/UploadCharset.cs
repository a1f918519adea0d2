using System.Net.Http.Headers;
using System.Text;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a <c>Content-Type</c> says of an upload: that it is text, and in which encoding.</summary>
internal static class UploadCharset
{
    private const string WhatToSend = "Send 'Content-Type: text/plain; charset=utf-8', or none.";

    /// <summary>Lines of JSON, as logs and exports come; a text like any other.</summary>
    private static readonly HashSet<string> TextTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/json-seq",
    };

    /// <summary>The encoding, null for UTF-8; and why such a body cannot be taken, null where it can.</summary>
    public static (Encoding? Encoding, string? Refusal) Of(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType)) return default;
        if (Parse(contentType) is not { MediaType: { } mediaType } given)
            return (null, $"The content type '{contentType}' cannot be read. {WhatToSend}");
        if (!mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !TextTypes.Contains(mediaType))
            return (null, $"An upload is text, not {mediaType}. {WhatToSend}");

        var charset = given.CharSet?.Trim('"', ' ');
        if (charset?.ToUpperInvariant() is null or "" or "UTF-8" or "UTF8" or "US-ASCII" or "ASCII") return default;
        return Find(charset) is { } encoding
            ? (encoding, null)
            : (null, $"The charset '{charset}' is not known here. Convert the text, or name its charset as IANA does. {WhatToSend}");
    }

    /// <summary>Parameters that are empty, as behind a semicolon at the end, are left out: many clients send
    /// them.</summary>
    private static MediaTypeHeaderValue? Parse(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var given)
        || MediaTypeHeaderValue.TryParse(
            string.Join(';', contentType.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), out given)
            ? given
            : null;

    private static Encoding? Find(string charset)
    {
        try
        {
            // The provider has the old code pages; asked itself, it changes nothing for the rest of the app.
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
