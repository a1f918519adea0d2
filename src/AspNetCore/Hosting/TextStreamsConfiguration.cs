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

        void Bind(string section, object target)
        {
            try
            {
                configuration.GetSection(section).Bind(target, binder => binder.ErrorOnUnknownConfiguration = true);
            }
            catch (InvalidOperationException e)
            {
                throw new InvalidOperationException($"{section}: {e.Message}", e);
            }
        }
    }
}
