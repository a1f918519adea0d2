namespace EventSourcedStreams.OpenAI;

/// <summary>One endpoint that speaks the chat-completions API.</summary>
public class OpenAIEndpointOptions
{
    /// <summary>
    /// An absolute http or https address up to and with its version, as <c>https://host/v1</c>;
    /// <c>/chat/completions</c> is added. Default: OpenAI's own, where a key is given.
    /// </summary>
    public string? BaseUrl { get; set; }

    /// <summary>Sent as <c>Authorization: Bearer …</c>. Never stored, shown or logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>For inputs that name none; at most 256 characters.</summary>
    public string? Model { get; set; }

    /// <summary>Sent with every request, as Azure's <c>api-key</c>; <c>Authorization</c> here wins over the key. An
    /// empty value is none.</summary>
    public Dictionary<string, string?> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Added to the address, as Azure's <c>api-version</c>. An empty value is none.</summary>
    public Dictionary<string, string?> Query { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// From a stream's start, retries included, to the first token of text or of reasoning; past it the stream ends
    /// with the error <c>provider-timeout</c>. 100 ms to 1 day; default: no limit but the stream's idle timeout.
    /// </summary>
    public TimeSpan? FirstTokenTimeout { get; set; }

    /// <summary>
    /// The same to the answer's end. Time in which the answer is not read, because too much text is unsaved, does not
    /// count. 100 ms to 1 day; default: none.
    /// </summary>
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>Neither the key nor a header's value is shown.</summary>
    public override string ToString() => $"{GetType().Name} {{ BaseUrl = {BaseUrl}, Model = {Model} }}";
}
