using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>
/// What <c>AddTextStreams</c> gives back, as the packages beside it see it: <c>AddOpenAI</c> and <c>UseEventStoreDb</c>
/// extend it. An app adds sources of its own by <c>AddSource</c>.
/// </summary>
public interface ITextStreamsBuilder
{
    /// <summary>Adds a source that a package brings along; a source of the app's own with the same name replaces
    /// it.</summary>
    /// <param name="create">Called once, when the app starts.</param>
    /// <param name="clients">Whether clients may name it over HTTP.</param>
    internal void AddPackageSource(string name, Func<IServiceProvider, ITextSource> create, bool clients);

    /// <summary>Keeps streams in this store instead of the embedded one.</summary>
    /// <param name="choose">Called when the app starts; null from it: the embedded one after all.</param>
    internal void UseEventStore(Func<IServiceProvider, IEventStoreOpener?> choose);

    /// <summary>Makes a section below that of text streams known: its keys are bound, and any other key in it is an
    /// error at start.</summary>
    /// <param name="configure">Has the last word.</param>
    /// <param name="errors">What is wrong with the bound values, each beginning with its key in the section and a
    /// colon.</param>
    /// <returns>The bound values, from which a source is created or a store opened.</returns>
    internal Func<IServiceProvider, TOptions> BindSection<TOptions>(
        string name, Action<TOptions>? configure, Func<TOptions, IEnumerable<string>> errors)
        where TOptions : class;
}
