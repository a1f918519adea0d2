namespace EventSourcedStreams.AspNetCore;

/// <summary>A source as it was added; it is made when the app starts.</summary>
/// <param name="Key">The same key is the same source, added twice: a type, an instance, a callback with its
/// name.</param>
/// <param name="Create">Gives the source.</param>
/// <param name="IsOurs">Brought along by a package; a source of the app's own with its name replaces it.</param>
internal sealed record SourceRegistration(object Key, Func<IServiceProvider, ITextSource> Create, bool IsOurs)
{
    /// <summary>Clients may name it over HTTP.</summary>
    public bool Clients { get; set; }

    /// <summary>Added by a test: the app's source of its name gives way to it. It is open to clients where that was,
    /// too.</summary>
    public bool Replaces { get; init; }
}
