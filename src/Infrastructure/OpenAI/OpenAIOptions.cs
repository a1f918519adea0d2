namespace EventSourcedStreams.OpenAI;

/// <summary>The <c>OpenAI</c> section of the configuration. Without a key and a base URL the source stays off.</summary>
public sealed record OpenAIOptions
{
    /// <summary>Any endpoint that speaks the chat-completions API, up to and with its <c>/v1</c>; default OpenAI's own, where a key is given.</summary>
    public string? BaseUrl { get; set; }

    public string? ApiKey { get; set; }

    /// <summary>For inputs that name none.</summary>
    public string? Model { get; set; }

    /// <summary>A record would print its key into every log that it gets near.</summary>
    public override string ToString() => $"{nameof(OpenAIOptions)} {{ BaseUrl = {BaseUrl}, Model = {Model} }}";
}
