using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Which endpoint an input goes to.</summary>
internal sealed class ProviderChoice
{
    private readonly OpenAICompatibleChatClient? unnamed;
    private readonly Dictionary<string, OpenAICompatibleChatClient> named = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">Names the key of the configuration that is wrong.</exception>
    public ProviderChoice(OpenAIOptions options, Func<ChatEndpoint, OpenAICompatibleChatClient> client)
    {
        unnamed = ChatEndpoint.From(options, "OpenAI") is { } endpoint ? client(endpoint) : null;
        foreach (var (name, provider) in options.Providers)
        {
            var section = $"OpenAI:Providers:{name}";
            named[name] = client(ChatEndpoint.From(provider, section)
                ?? throw new ArgumentException($"{section}: set {section}:ApiKey, or {section}:BaseUrl for an endpoint that needs no key."));
        }
    }

    /// <summary>Null where none is configured for it.</summary>
    /// <param name="isNamed">The input's <c>provider</c> chose it, and is no part of the request.</param>
    public OpenAICompatibleChatClient? Find(JsonElement? input, out bool isNamed)
    {
        OpenAICompatibleChatClient? chosen = null;
        isNamed = ProviderJson.Text(ProviderJson.Member(input, ChatRequest.ProviderField)) is { } name && named.TryGetValue(name, out chosen);
        return chosen ?? unnamed;
    }

    /// <exception cref="InvalidInputException">No endpoint is configured, or one has to be named.</exception>
    public OpenAICompatibleChatClient Of(JsonElement? input, out bool isNamed) =>
        Find(input, out isNamed) ?? throw (named.Count == 0
            ? new InvalidInputException(
                "source", "The source 'openai' is not configured: set OpenAI:ApiKey, or OpenAI:BaseUrl for an endpoint that needs no key.")
            : new InvalidInputException("input.provider", $"Name a provider, one of: {string.Join(", ", named.Keys.Order(StringComparer.Ordinal))}."));
}
