namespace EventSourcedStreams.AspNetCore;

/// <summary>The app's sources, one a name, and which of them clients may name over HTTP.</summary>
internal sealed class TextSources
{
    /// <exception cref="InvalidOperationException">Two of the app's own have one name.</exception>
    public TextSources(TextStreamsRegistrations registrations, IServiceProvider provider)
    {
        var chosen = registrations.Sources
            .Select(added => (Source: added.Create(provider), As: added))
            .GroupBy(added => added.Source.Name, StringComparer.Ordinal)
            .Select(same => Choose(same.Key, [.. same]))
            .ToArray();
        All = [.. chosen.Select(added => added.Source)];
        OpenToClients = [.. chosen.Where(added => added.Clients).Select(added => added.Source.Name)];
    }

    public IReadOnlyList<ITextSource> All { get; }

    /// <summary>Names.</summary>
    public IReadOnlyList<string> OpenToClients { get; }

    private static (ITextSource Source, bool Clients) Choose(string name, (ITextSource Source, SourceRegistration As)[] same)
    {
        var tests = same.Where(added => added.As.Replaces).ToArray();
        if (tests.Length > 0) return (Only(name, tests), same.Any(added => added.As.Clients));
        var own = same.Where(added => !added.As.IsOurs).ToArray();
        var chosen = own.Length > 0 ? own : same[..1];
        return (Only(name, chosen), chosen[0].As.Clients);
    }

    private static ITextSource Only(string name, (ITextSource Source, SourceRegistration As)[] same) => same.Length == 1
        ? same[0].Source
        : throw new InvalidOperationException(
            $"Two sources are named '{name}': {string.Join(" and ", same.Select(added => added.Source.GetType().Name))}. "
            + "A stream names its source for ever, so give each a name of its own, or add only one.");

    /// <summary>What is wrong with the names of sources that the options hold, each naming its key.</summary>
    public IEnumerable<string> Errors(TextStreamsOptions.StreamsSection streams)
    {
        foreach (var name in (streams.ClientSources ?? []).Where(name => !OpenToClients.Contains(name)))
            yield return $"Streams:ClientSources: '{name}' is no source that is open to clients here. There are: {string.Join(", ", OpenToClients)}.";
        if (streams.DefaultSource is { } source && !OpenToClients.Contains(source))
            yield return $"Streams:DefaultSource: '{source}' is no source that is open to clients here. There are: {string.Join(", ", OpenToClients)}.";
    }
}
