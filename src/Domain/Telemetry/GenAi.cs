using System.Diagnostics;

namespace EventSourcedStreams.Domain;

/// <summary>The names of OpenTelemetry's semantic conventions for generative AI. What the model is asked and what it
/// says stays out.</summary>
internal static class GenAi
{
    public const string Operation = "chat";

    /// <summary>The conventions' names of providers, by the ends of the hosts that they answer at.</summary>
    private static readonly (string Host, string Name)[] Providers =
    [
        ("openai.azure.com", "azure.ai.openai"), ("services.ai.azure.com", "azure.ai.inference"), ("openai.com", "openai"),
        ("anthropic.com", "anthropic"), ("cohere.com", "cohere"), ("cohere.ai", "cohere"), ("deepseek.com", "deepseek"),
        ("generativelanguage.googleapis.com", "gcp.gemini"), ("aiplatform.googleapis.com", "gcp.vertex_ai"), ("groq.com", "groq"),
        ("mistral.ai", "mistral_ai"), ("perplexity.ai", "perplexity"), ("x.ai", "x_ai"), ("amazonaws.com", "aws.bedrock"),
    ];

    /// <param name="host">As a source describes its provider, with a port or without.</param>
    /// <returns>Null: there is none.</returns>
    public static string? ProviderOf(string? host)
    {
        if (host is null) return null;
        var name = host.Split(':')[0];
        foreach (var (end, provider) in Providers)
        {
            if (name.Equals(end, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + end, StringComparison.OrdinalIgnoreCase)) return provider;
        }

        return host;
    }

    public static Activity? StartChat(StreamId stream, string source, string? provider, string? host, string model)
    {
        var name = BoundedNames.Clean(model);
        var span = StreamTracing.Start($"{Operation} {name}", ActivityKind.Client);
        return span?
            .SetTag(StreamTracing.StreamTag, stream.Value)
            .SetTag("stream.source", source)
            .SetTag("gen_ai.operation.name", Operation)
            .SetTag("gen_ai.provider.name", provider)
            .SetTag("gen_ai.request.model", name)
            .SetTag("server.address", host);
    }
}
