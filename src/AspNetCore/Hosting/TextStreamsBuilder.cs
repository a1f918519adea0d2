using System.Runtime.CompilerServices;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams;

/// <summary>What <c>AddTextStreams</c> gives back, to add text sources to. A stream chooses its source by name when it
/// is created.</summary>
public sealed class TextStreamsBuilder : ITextStreamsBuilder
{
    private readonly TextStreamsRegistrations registrations;
    private readonly bool replaces;

    /// <param name="replaces">The app's sources give way to those of the same names that are added by this one.</param>
    internal TextStreamsBuilder(IServiceCollection services, TextStreamsRegistrations registrations, bool replaces = false) =>
        (Services, this.registrations, this.replaces) = (services, registrations, replaces);

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a source that is one function: it appends text, and returning ends the stream well.</summary>
    /// <param name="name">By which a stream chooses it.</param>
    /// <param name="write">Gets what the stream was created with, a function that takes text, and a token that fires
    /// when the stream is being ended. Appending need not be awaited to be in order, and never waits for the log; it
    /// completes later only while too much text is unsaved.
    /// </param>
    /// <param name="clients">Whether clients may name it when they create a stream over HTTP; else only the app's own
    /// code.</param>
    [OverloadResolutionPriority(1)] // a loop without an end would suit both
    public TextStreamsBuilder AddSource(
        string name, Func<SourceRequest, AppendText, CancellationToken, Task> write, bool clients = false) =>
        Add((name, write), new CallbackSource(name, write), clients);

    /// <inheritdoc cref="AddSource(string, Func{SourceRequest, AppendText, CancellationToken, Task}, bool)"/>
    /// <param name="write">The same, and says how it ended: a finish reason, a usage.</param>
    public TextStreamsBuilder AddSource(
        string name, Func<SourceRequest, AppendText, CancellationToken, Task<SourceResult>> write, bool clients = false) =>
        Add((name, write), new CallbackSource(name, write), clients);

    /// <summary>Adds a source that is one function and says more than text: reasoning, tool calls and their results,
    /// files. Returning ends the stream well.</summary>
    /// <param name="name">By which a stream chooses it.</param>
    /// <param name="write">Gets what the stream was created with, what takes its text and its parts, and a token that
    /// fires when the stream is being ended. Nothing need be awaited to be in order, and nothing waits for the log; an
    /// append completes later only while too much is unsaved. A part that is forgotten is cut off when the stream ends.
    /// </param>
    /// <param name="clients">Whether clients may name it when they create a stream over HTTP; else only the app's own
    /// code.</param>
    [OverloadResolutionPriority(1)] // a loop without an end would suit both
    public TextStreamsBuilder AddPartSource(
        string name, Func<SourceRequest, IAppender, CancellationToken, Task> write, bool clients = false) =>
        Add((name, write), new PartCallbackSource(name, write), clients);

    /// <inheritdoc cref="AddPartSource(string, Func{SourceRequest, IAppender, CancellationToken, Task}, bool)"/>
    /// <param name="write">The same, and says how it ended: a finish reason, a usage.</param>
    public TextStreamsBuilder AddPartSource(
        string name, Func<SourceRequest, IAppender, CancellationToken, Task<SourceResult>> write, bool clients = false) =>
        Add((name, write), new PartCallbackSource(name, write), clients);

    /// <summary>Adds a source that is made with the app's services, once, when the app starts.</summary>
    /// <inheritdoc cref="AddSource(string, Func{SourceRequest, AppendText, CancellationToken, Task}, bool)"/>
    public TextStreamsBuilder AddSource<TSource>(bool clients = false) where TSource : class, ITextSource
    {
        Services.TryAddSingleton<TSource>();
        registrations.Add(new(typeof(TSource), provider => provider.GetRequiredService<TSource>(), IsOurs: false) { Clients = clients, Replaces = replaces });
        return this;
    }

    /// <summary>Adds a source that is there already.</summary>
    /// <inheritdoc cref="AddSource(string, Func{SourceRequest, AppendText, CancellationToken, Task}, bool)"/>
    public TextStreamsBuilder AddSource(ITextSource source, bool clients = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Add(source, source, clients);
    }

    /// <summary>Adds the source <c>upload</c>: the text is the driving request's body.</summary>
    /// <param name="clients">False: only the app's own code creates such streams.</param>
    public TextStreamsBuilder AddUpload(bool clients = true) => AddOurs("upload", _ => new UploadSource(), clients);

    /// <summary>Adds the source <c>demo</c>: the same paced text every time, with no provider and no cost.</summary>
    /// <inheritdoc cref="AddUpload"/>
    public TextStreamsBuilder AddDemo(bool clients = true) =>
        AddOurs("demo", provider => new DemoSource(provider.GetRequiredService<TimeProvider>()), clients);

    /// <summary>
    /// Hands every stream that ends to a handler, at least once, on one node, from where it has come: that stands in
    /// the event log. A handler that fails is tried again, and <c>/health/ready</c> says degraded until it succeeds.
    /// The same handler twice is there once.
    /// </summary>
    /// <typeparam name="THandler">Made by the app's services, scoped unless the app registers it otherwise.</typeparam>
    /// <param name="name">Under which the log keeps how far the handler has come: 1 to 100 letters, digits, '.', '_' or
    /// '-'. Another name is a new handler, which sees what ends from its first start on. Null: the class's own name, so
    /// that renaming the class makes it new.</param>
    /// <exception cref="ArgumentException">Not such a name, or another handler has it.</exception>
    public TextStreamsBuilder OnEnded<THandler>(string? name = null) where THandler : class, IStreamEndedHandler
    {
        EndedHandlerRegistration.Add<THandler>(Services, name);
        return this;
    }

    /// <summary>The same for a test: the app's sources give way to those of the same names that are added by
    /// it.</summary>
    internal TextStreamsBuilder Replacing() => new(Services, registrations, replaces: true);

    void ITextStreamsBuilder.AddPackageSource(string name, Func<IServiceProvider, ITextSource> create, bool clients) =>
        AddOurs(name, create, clients);

    void ITextStreamsBuilder.UseEventStore(Func<IServiceProvider, IEventStoreOpener?> choose) => registrations.EventStore = choose;

    Func<IServiceProvider, TOptions> ITextStreamsBuilder.BindSection<TOptions>(
        string name, Action<TOptions>? configure, Func<TOptions, IEnumerable<string>> errors)
    {
        var options = Services.AddOptions<TOptions>();
        if (registrations.Sections.TryAdd(name, typeof(TOptions)))
        {
            options.Configure<TextStreamsSection>((bound, section) => section.Bind(name, bound)).ValidateOnStart();
            Services.AddSingleton<IValidateOptions<TOptions>>(provider =>
                new SectionValidation<TOptions>(provider.GetRequiredService<TextStreamsSection>().Of(name), errors));
        }

        if (configure is not null) options.Configure(configure);
        return provider => provider.GetRequiredService<IOptions<TOptions>>().Value;
    }

    private TextStreamsBuilder AddOurs(string name, Func<IServiceProvider, ITextSource> create, bool clients)
    {
        registrations.Add(new(name, create, IsOurs: true) { Clients = clients, Replaces = replaces });
        return this;
    }

    private TextStreamsBuilder Add(object key, ITextSource source, bool clients)
    {
        registrations.Add(new(key, _ => source, IsOurs: false) { Clients = clients, Replaces = replaces });
        return this;
    }
}
