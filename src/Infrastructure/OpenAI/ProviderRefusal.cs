using System.ClientModel.Primitives;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EventSourcedStreams.OpenAI;

/// <summary>Turns what a provider answered in place of a stream into words.</summary>
internal sealed class ProviderRefusal(string provider, SecretRemoval secrets, TimeProvider time)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxMessageBytes = 4 * 1024;

    public async Task<ProviderFault> ReadAsync(PipelineResponse response, CancellationToken ct)
    {
        var said = Words(await BodyOfAsync(response, ct));
        if (!response.IsError)
        {
            response.Headers.TryGetValue("Content-Type", out var type);
            return Fault("provider-error", $"{provider} answered with {type}, not with a stream. Does OpenAI:BaseUrl end where its API begins (/v1)?", said);
        }

        var after = RetryAfter(response);
        var inTime = after is null || after <= LongestRetryAfter;
        return Fault(
            response.Status is >= 400 and < 500 ? "provider-refused" : "provider-error",
            $"{provider} answered {response.Status}{(inTime ? "" : $" and asks to come back in {after!.Value.TotalSeconds:0} s")}.",
            said,
            mayRetry: inTime && response.Status is 408 or 429 or >= 500,
            after);
    }

    /// <param name="words">The provider's own, if any.</param>
    public ProviderFault Fault(string code, string message, string? words, bool mayRetry = false, TimeSpan? retryAfter = null) =>
        new(code, Cut(secrets.Clean(string.IsNullOrWhiteSpace(words) ? message : $"{message} It says: {words}")), mayRetry, retryAfter);

    private static async Task<(string Text, bool IsWhole)> BodyOfAsync(PipelineResponse response, CancellationToken ct)
    {
        if (response.ContentStream is not { } content) return ("", true);
        var bytes = new byte[MaxBodyBytes];
        var read = 0;
        try
        {
            read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // The status says enough.
        }

        return (Encoding.UTF8.GetString(bytes, 0, read), read < bytes.Length);
    }

    private static string? Words((string Text, bool IsWhole) body)
    {
        // A page of HTML tells a reader nothing, and half a body may end in half a key, which nobody would know again.
        if (!body.IsWhole || body.Text.TrimStart().StartsWith('<')) return null;
        try
        {
            using var document = JsonDocument.Parse(body.Text);
            return ProviderJson.Message(document.RootElement) ?? body.Text;
        }
        catch (JsonException)
        {
            return body.Text.Trim();
        }
    }

    private TimeSpan? RetryAfter(PipelineResponse response)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var value)) return null;
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(365).TotalSeconds));
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > time.GetUtcNow()
            ? at - time.GetUtcNow()
            : null;
    }

    /// <summary>To whole characters; half a surrogate pair becomes U+FFFD.</summary>
    private static string Cut(string text)
    {
        Span<byte> bytes = stackalloc byte[MaxMessageBytes];
        Utf8.FromUtf16(text, bytes, out _, out var written);
        return Encoding.UTF8.GetString(bytes[..written]);
    }
}
