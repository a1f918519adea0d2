using EventSourcedStreams;
using EventSourcedStreams.Extensions.AI;
using Microsoft.Extensions.AI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds chat clients to an app's text streams, as sources.</summary>
public static class ChatClientTextStreamsBuilderExtensions
{
    /// <summary>
    /// Adds a source that asks a chat client: its text is the stream's text; reasoning, tool calls with their results,
    /// files, sources and usage become parts.
    /// </summary>
    /// <param name="name">By which streams choose it.</param>
    /// <param name="client">Called for each stream, with services whose scope lasts as long as the answer. What it
    /// returns is not disposed of, but with the scope where that made it.</param>
    /// <param name="configure">Models and tools that inputs may name, and what else every answer has.</param>
    /// <param name="clients">Whether clients may name it when they create a stream over HTTP: the app pays for
    /// it.</param>
    public static TBuilder AddChatClient<TBuilder>(
        this TBuilder streams, string name, Func<IServiceProvider, IChatClient> client, Action<ChatClientSourceOptions>? configure = null, bool clients = false)
        where TBuilder : ITextStreamsBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(client);
        var options = new ChatClientSourceOptions();
        configure?.Invoke(options);
        streams.AddPackageSource(
            name,
            services => new ChatClientSource(name, client, options, services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<TimeProvider>()),
            clients);
        return streams;
    }
}
