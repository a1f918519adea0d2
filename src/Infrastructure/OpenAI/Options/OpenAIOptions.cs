namespace EventSourcedStreams.OpenAI;

/// <summary>The <c>OpenAI</c> section of the configuration: the endpoint of inputs that name none, and others by
/// name.</summary>
/// <remarks>With neither a key nor a base URL, and no named endpoint, the source stays off.</remarks>
public sealed class OpenAIOptions : OpenAIEndpointOptions
{
    /// <summary>
    /// More endpoints by name, in any case: an input whose <c>provider</c> is that name goes there, without that field.
    /// An endpoint takes nothing over from the section around it, so that a key goes to no other host.
    /// </summary>
    public Dictionary<string, OpenAIEndpointOptions> Providers { get; } = new(StringComparer.OrdinalIgnoreCase);
}
