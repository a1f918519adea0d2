using System.Text;
using System.Text.Unicode;

namespace EventSourcedStreams.OpenAI;

/// <summary>One try at a provider failed.</summary>
/// <param name="code">As in the stream's ending.</param>
/// <param name="message">Cleaned of secrets.</param>
/// <param name="mayRetry">A model has made nothing of an answer, and another try might go better.</param>
/// <param name="retryAfter">How long the provider wants to be left alone.</param>
internal sealed class ProviderFault(string code, string message, bool mayRetry = false, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    private const int MaxMessageBytes = 4 * 1024;

    public string Code { get; } = code;

    public bool MayRetry { get; } = mayRetry;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <param name="words">The provider's own, if any.</param>
    public static ProviderFault Of(
        string code, string message, string? words, SecretRemoval secrets, bool mayRetry = false, TimeSpan? retryAfter = null) =>
        new(code, Cut(secrets.Clean(string.IsNullOrWhiteSpace(words) ? message : $"{message} It says: {words}")), mayRetry, retryAfter);

    /// <summary>To whole characters; half a surrogate pair becomes U+FFFD.</summary>
    private static string Cut(string text)
    {
        Span<byte> bytes = stackalloc byte[MaxMessageBytes];
        Utf8.FromUtf16(text, bytes, out _, out var written);
        return Encoding.UTF8.GetString(bytes[..written]);
    }
}
