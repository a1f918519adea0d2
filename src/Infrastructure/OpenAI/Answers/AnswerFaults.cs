namespace EventSourcedStreams.OpenAI;

/// <summary>What can be wrong with an answer that had begun, in words.</summary>
/// <param name="contentType">The answer's.</param>
internal sealed class AnswerFaults(string provider, string? contentType, SecretRemoval secrets)
{
    /// <summary>The endpoint's host.</summary>
    public string Provider => provider;

    /// <param name="hasText">Text of the answer is kept.</param>
    /// <param name="words">The provider's own.</param>
    public ProviderFault Error(bool hasText, string words) => Fault(hasText, $"{provider} broke off its answer with an error.", words);

    public ProviderFault BadEnd(bool hasText, string reason) =>
        Fault(hasText, $"{provider} ended its answer with the finish reason '{reason}', which is no good end.");

    public ProviderFault Unreadable(bool hasText, string what) => Fault(hasText, $"{provider} {what}");

    public ProviderFault Unclear(bool hasText) => Unreadable(hasText, "sent several answers that cannot be told apart.");

    public ProviderFault Malformed(bool hasText, string words) => Fault(hasText, $"{provider} sent what is no chat completion.", words);

    public ProviderFault TooLarge(bool hasText) =>
        Fault(hasText, $"An event has more than {EventSplitter.MaxEventBytes / 1024 / 1024} MiB: {provider} sent what is no chat completion.");

    public ProviderFault Empty() => Fault(false, $"{provider} said that its answer is over, with neither text nor a reason to end.");

    public ProviderFault NoStream(string? words) => Fault(
        false, $"{provider} answered with {contentType ?? "no content type"}, not with a stream. Does OpenAI:BaseUrl end where its API begins (/v1)?", words);

    public ProviderFault Interrupted(BodyEnd end, bool mayRetry) => ProviderFault.Of(
        "provider-interrupted",
        end == BodyEnd.Broken ? $"The connection to {provider} broke off." : $"The answer of {provider} ended before it was finished.",
        words: null, secrets, mayRetry);

    private ProviderFault Fault(bool hasText, string message, string? words = null) =>
        ProviderFault.Of(hasText ? "provider-interrupted" : "provider-error", message, words, secrets);
}
