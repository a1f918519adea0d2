namespace EventSourcedStreams.OpenAI;

/// <summary>The headers of an endpoint's configuration.</summary>
internal static class EndpointHeaders
{
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <exception cref="ArgumentException">Names the key of the configuration, never the value.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(IReadOnlyDictionary<string, string?> given, string? apiKey, string section)
    {
        var headers = new List<KeyValuePair<string, string>>();
        using var probe = new HttpRequestMessage();
        foreach (var (name, value) in given)
        {
            if (string.IsNullOrWhiteSpace(value)) continue;
            var key = $"{section}:Headers:{name}";
            if (Ours.Contains(name)) throw new ArgumentException($"{key}: this header is set by the connection; remove it.");
            if (!value.All(c => c is >= ' ' and <= '~'))
                throw new ArgumentException($"{key} holds a line break or characters outside ASCII: it cannot be sent in a header.");
            if (!probe.Headers.TryAddWithoutValidation(name, value)) throw new ArgumentException($"{key}: a request has no such header.");
            headers.Add(new(name, value.Trim()));
        }

        if (apiKey is not null && !given.ContainsKey("Authorization")) headers.Add(new("Authorization", $"Bearer {apiKey}"));
        return headers;
    }
}
