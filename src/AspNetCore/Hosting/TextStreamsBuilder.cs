using EventSourcedStreams.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What <c>AddTextStreams</c> gives back, to add text sources to.</summary>
public sealed class TextStreamsBuilder(IServiceCollection services)
{
    public IServiceCollection Services => services;

    /// <summary>A source of the app's own: <c>source</c> of a stream chooses it by its name.</summary>
    public TextStreamsBuilder AddSource(ITextSource source)
    {
        services.AddSingleton(source);
        return this;
    }

    /// <inheritdoc cref="AddSource(ITextSource)"/>
    public TextStreamsBuilder AddSource<TSource>() where TSource : class, ITextSource
    {
        services.AddSingleton<ITextSource, TSource>();
        return this;
    }

    /// <summary>A source that is one function: it appends text, and returning ends the stream well.</summary>
    /// <param name="write">
    /// Gets what the stream was created with, a function that takes text, and a token that fires when the stream is being ended. Appending
    /// need not be awaited to be in order, and never waits for the log; it completes later only while too much text is unsaved.
    /// </param>
    public TextStreamsBuilder AddSource(string name, Func<SourceRequest, Func<string, Task>, CancellationToken, Task> write) =>
        AddSource(new CallbackSource(name, write));
}
