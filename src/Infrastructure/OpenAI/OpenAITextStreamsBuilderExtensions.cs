using EventSourcedStreams;
using EventSourcedStreams.OpenAI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the source <c>openai</c> to an app's text streams.</summary>
public static class OpenAITextStreamsBuilderExtensions
{
    /// <summary>
    /// Adds the source <c>openai</c>: a stream's input is sent to an OpenAI-compatible endpoint, and its answer is the
    /// text. Reads the section <c>OpenAI</c> below that of text streams, as <c>TextStreams:OpenAI:ApiKey</c>.
    /// </summary>
    /// <param name="configure">Has the last word over the configuration.</param>
    /// <param name="clients">Whether clients may name it when they create a stream over HTTP, with any input: the app
    /// pays for it.</param>
    public static TBuilder AddOpenAI<TBuilder>(this TBuilder streams, Action<OpenAIOptions>? configure = null, bool clients = false)
        where TBuilder : ITextStreamsBuilder
    {
        var options = streams.BindSection("OpenAI", configure, _ => []);
        streams.AddPackageSource(
            "openai", services => new OpenAISource(options(services), services.GetRequiredService<TimeProvider>()), clients);
        return streams;
    }
}
