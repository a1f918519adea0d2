namespace EventSourcedStreams.OpenAI;

/// <summary>One try at a provider failed.</summary>
/// <param name="code">As in the stream's ending.</param>
/// <param name="message">Cleaned of secrets.</param>
/// <param name="mayRetry">Nothing of an answer has come, and another try might go better.</param>
/// <param name="retryAfter">How long the provider wants to be left alone.</param>
internal sealed class ProviderFault(string code, string message, bool mayRetry = false, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;

    public bool MayRetry { get; } = mayRetry;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
