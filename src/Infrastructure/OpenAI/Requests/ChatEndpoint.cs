namespace EventSourcedStreams.OpenAI;

/// <summary>Checked options of an endpoint that is on.</summary>
/// <param name="Headers">What goes out with every request, the key included.</param>
/// <param name="Secrets">What no message may hold.</param>
/// <param name="IsOpenAI">OpenAI itself, which wants a model.</param>
internal sealed record ChatEndpoint(
    Uri Completions,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    IReadOnlyList<string> Secrets,
    string? Model,
    bool IsOpenAI,
    TimeSpan? FirstTokenTimeout,
    TimeSpan? TotalTimeout)
{
    private const string OpenAI = "https://api.openai.com/v1";
    private const string CompletionsPath = "/chat/completions";

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    public string Host => Completions.Host;

    /// <summary>Null where nothing is configured.</summary>
    /// <param name="section">The key of the configuration that holds <paramref name="options"/>, as
    /// <c>OpenAI</c>.</param>
    /// <exception cref="ArgumentException">Names the key of the configuration. Never holds a key or a header's
    /// value.</exception>
    public static ChatEndpoint? From(OpenAIEndpointOptions options, string section)
    {
        var (key, baseUrl, model) = (Given(options.ApiKey), Given(options.BaseUrl), Given(options.Model));
        if (key is not null && !IsHeaderText(key))
            throw new ArgumentException($"{section}:ApiKey holds white space or characters outside ASCII: it cannot be sent in a header.");
        if (model is { Length: > ChatRequest.MaxModelChars })
            throw new ArgumentException($"{section}:Model has more than {ChatRequest.MaxModelChars} characters.");
        var address = Checked(baseUrl ?? OpenAI, section);
        var headers = EndpointHeaders.Of(options.Headers, key, section);
        var (query, querySecrets) = EndpointQuery.Of(options.Query);
        foreach (var (name, timeout) in new[] { ("FirstTokenTimeout", options.FirstTokenTimeout), ("TotalTimeout", options.TotalTimeout) })
        {
            if (timeout < ShortestTimeout || timeout > LongestTimeout)
                throw new ArgumentException($"{section}:{name}: {timeout} is not between {ShortestTimeout} and {LongestTimeout}.");
        }

        return key is null && baseUrl is null
            ? null
            : new ChatEndpoint(
                new UriBuilder(address) { Path = PathOf(address), Query = query }.Uri, headers, [.. SecretsIn(headers), .. querySecrets],
                model, address.Host == new Uri(OpenAI).Host, options.FirstTokenTimeout, options.TotalTimeout);
    }

    public override string ToString() => Completions.GetLeftPart(UriPartial.Path);

    /// <summary>White space has no place in a key, and nothing but ASCII in a header.</summary>
    public static bool IsHeaderText(string value) => value.All(c => c is > ' ' and <= '~');

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static string PathOf(Uri address)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        return path.EndsWith(CompletionsPath, StringComparison.OrdinalIgnoreCase) ? path : path + CompletionsPath;
    }

    private static IEnumerable<string> SecretsIn(IEnumerable<KeyValuePair<string, string>> headers) =>
        headers.Where(header => SecretRemoval.NamesSecret(header.Key)).SelectMany(header => header.Value.Split(' ')).Where(part => part is not "Bearer" and not "Basic");

    private static Uri Checked(string baseUrl, string section) =>
        Uri.TryCreate(baseUrl, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url
            : throw new ArgumentException(
                $"{section}:BaseUrl is an absolute http or https address with no user, query or fragment, as {OpenAI}; "
                + $"what belongs into a query goes under {section}:Query.");
}
