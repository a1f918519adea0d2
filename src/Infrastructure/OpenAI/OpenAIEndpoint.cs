namespace EventSourcedStreams.OpenAI;

/// <summary>Checked options of a source that is on.</summary>
/// <param name="ApiKey">Null where the endpoint needs none, as one on this machine.</param>
internal sealed record OpenAIEndpoint(Uri BaseUrl, string? ApiKey, string? Model, bool IsOpenAI)
{
    private static readonly Uri OpenAI = new("https://api.openai.com/v1");

    /// <summary>Null where nothing is configured.</summary>
    /// <exception cref="ArgumentException">Names the key of the configuration. Never holds the API key.</exception>
    public static OpenAIEndpoint? From(OpenAIOptions options)
    {
        var key = Given(options.ApiKey);
        if (key is not null && key.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException("OpenAI:ApiKey holds white space or characters outside ASCII: it cannot be sent in a header.");
        if (Given(options.Model) is { Length: > OpenAIRequest.MaxModelChars })
            throw new ArgumentException($"OpenAI:Model has more than {OpenAIRequest.MaxModelChars} characters.");

        var baseUrl = Given(options.BaseUrl) is { } given ? Checked(given) : null;
        return key is null && baseUrl is null
            ? null
            : new OpenAIEndpoint(baseUrl ?? OpenAI, key, Given(options.Model), (baseUrl ?? OpenAI).Host == OpenAI.Host);
    }

    public override string ToString() => BaseUrl.ToString();

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static Uri Checked(string baseUrl) =>
        Uri.TryCreate(baseUrl, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url
            : throw new ArgumentException(
                "OpenAI:BaseUrl is an absolute http or https address with no user, query or fragment, as https://api.openai.com/v1.");
}
