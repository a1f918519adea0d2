using Microsoft.Extensions.Configuration;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Our part of the app's configuration. A key in it that is misspelt, or cannot be read, is an error that
/// names it.</summary>
internal sealed class TextStreamsSection(TextStreamsRegistrations registrations, IConfiguration? app = null)
{
    public const string Name = "TextStreams";

    /// <summary>Keys that only a package understands, and what is to be done where it is missing.</summary>
    private static readonly Dictionary<string, string> Packages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["OpenAI"] = "Add the package EventSourcedStreams.OpenAI, and .AddOpenAI() behind AddTextStreams()",
        ["EventStore"] = "Add the package EventSourcedStreams.EventStoreDb, and .UseEventStoreDb() behind AddTextStreams()",
    };

    private readonly IConfiguration? section = registrations.Section ?? app?.GetSection(Name);

    /// <summary>What stands before our keys in the app's configuration; empty at its root.</summary>
    public string Path => (section as IConfigurationSection)?.Path ?? "";

    /// <summary>A key as it is called in the app's configuration.</summary>
    public string Of(string key) => Path.Length == 0 ? key : $"{Path}:{key}";

    /// <summary>Reads a section of ours into an object with its keys as properties.</summary>
    /// <exception cref="InvalidOperationException">Names the key.</exception>
    public void Bind(string name, object options)
    {
        if (section?.GetSection(name) is not { } values || !values.Exists()) return;
        KnownKeys.Check(values, options.GetType());
        values.Bind(options, binder => binder.BindNonPublicProperties = true);
    }

    /// <summary>A list that is written as one text with commas; null where it is not.</summary>
    public IReadOnlyList<string>? ListOf(string key) =>
        section?[key]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every section in ours is known; at the root, those of others are not ours to judge.</summary>
    /// <param name="own">The sections that are known without a package.</param>
    /// <exception cref="InvalidOperationException">Names the key.</exception>
    public void CheckSections(params IEnumerable<string> own)
    {
        string[] known = [.. own, .. registrations.Sections.Keys];
        foreach (var child in section?.GetChildren() ?? [])
        {
            if (known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) continue;
            if (Packages.TryGetValue(child.Key, out var remedy))
                throw new InvalidOperationException($"{child.Path}: nothing here reads this. {remedy}, or remove the key.");
            if (!registrations.IsRoot)
                throw new InvalidOperationException($"{child.Path}: there is no such key; in {Path} there are {string.Join(", ", known)}.");
        }
    }
}
