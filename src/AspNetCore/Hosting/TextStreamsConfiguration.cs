using Microsoft.Extensions.Configuration;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Reads <see cref="TextStreamsOptions"/> from configuration; a key that is misspelt or cannot be read is an error that names it.</summary>
public static class TextStreamsConfiguration
{
    /// <exception cref="InvalidOperationException">Names the key.</exception>
    public static void Read(this TextStreamsOptions options, IConfiguration configuration)
    {
        Bind("Embedded", options.Embedded);
        Bind("EventStore", options.EventStore);
        Bind("Streams", options.Streams);
        Bind("OpenAI", options.OpenAI);
        Bind("Cors", options.Cors);
        if (configuration["Cors:Origins"] is { Length: > 0 } origins)
            options.Cors.Origins = origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        void Bind(string name, object target)
        {
            var section = configuration.GetSection(name);
            var known = target.GetType().GetProperties().Select(property => property.Name).ToArray();
            if (section.GetChildren().FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
                throw new InvalidOperationException($"{unknown.Path}: there is no such key; in {name} there are {string.Join(", ", known)}.");
            section.Bind(target);
        }
    }
}
