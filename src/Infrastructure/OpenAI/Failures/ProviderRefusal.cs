using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>An answer whose status is an error.</summary>
/// <param name="Status">The answer's, 300 and above.</param>
/// <param name="Body">Null where it is longer than 64 KiB or a page of HTML: half a body may end in half a key, and
/// nothing would know it again.</param>
internal sealed record ProviderRefusal(HttpStatusCode Status, string? Body, TimeSpan? RetryAfter, bool? ShouldRetry)
{
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>An account that is used up is so for another try too.</summary>
    private static readonly string[] UsedUp =
        ["insufficient_quota", "insufficient_user_quota", "exceeded_current_quota", "billing_hard_limit", "billing_not_active", "insufficient_balance", "insufficient_credits", "arrearage"];

    public static async Task<ProviderRefusal> ReadAsync(HttpResponseMessage response, Stream content, TimeProvider time, CancellationToken ct) => new(
        response.StatusCode,
        await BodyOfAsync(content, ct),
        RetryAfterOf(response, time.GetUtcNow()),
        Header(response, "x-should-retry") is { } given && bool.TryParse(given, out var should) ? should : null);

    /// <summary>The provider does not know what asks for the usage.</summary>
    public bool IsOfStreamOptions => (int)Status is >= 400 and < 500 && Body is not null
        && (Body.Contains("stream_options", StringComparison.OrdinalIgnoreCase) || Body.Contains("include_usage", StringComparison.OrdinalIgnoreCase));

    public ProviderFault Fault(string provider, SecretRemoval secrets)
    {
        var inTime = RetryAfter is null || RetryAfter <= LongestRetryAfter;
        var isPassing = (int)Status is 408 or 429 or >= 500 && !UsedUp.Any(word => Body?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);
        return ProviderFault.Of(
            (int)Status is >= 400 and < 500 ? "provider-refused" : "provider-error",
            $"{provider} answered {(int)Status}{(inTime ? "" : $" and asks to come back in {RetryAfter!.Value.TotalSeconds:0} s")}.",
            Words,
            secrets,
            mayRetry: inTime && (ShouldRetry ?? isPassing),
            RetryAfter);
    }

    private string? Words
    {
        get
        {
            if (Body is null) return null;
            try
            {
                // A refusal of a stream may be an event of one.
                var data = Body.TrimStart().StartsWith("data:", StringComparison.Ordinal) ? Body.TrimStart()["data:".Length..] : Body;
                using var document = JsonDocument.Parse(data);
                return ProviderErrors.Message(document.RootElement) ?? Body;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return Body.Trim();
            }
        }
    }

    private static async Task<string?> BodyOfAsync(Stream content, CancellationToken ct)
    {
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

        var text = Encoding.UTF8.GetString(bytes, 0, read);
        return read == bytes.Length || text.TrimStart().StartsWith('<') ? null : text;
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now)
    {
        if (Number(Header(response, "retry-after-ms")) is { } milliseconds) return Span(milliseconds / 1000);
        var value = Header(response, "Retry-After");
        if (Number(value) is { } seconds) return Span(seconds);
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > now ? at - now : null;

        static double? Number(string? text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
        static TimeSpan Span(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(365).TotalSeconds));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
