using System.Text.Json;
using EventSourcedStreams.AspNetCore;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.Web;

internal static class ModelOffer
{
    private const string Source = "openai";
    private static readonly JsonElement Question = JsonElement.Parse("""{ "model": "any", "messages": [{ "role": "user", "content": "?" }] }""");

    /// <summary>Whether a client that names no provider can have a model's answer here, as configured.</summary>
    public static bool IsThere(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<TextStreamsHttpOptions>>().Value.ClientSources is { } open && !open.Contains(Source)) return false;
        if (services.GetRequiredService<TextSources>().All.FirstOrDefault(source => source.Name == Source) is not { } model) return false;
        try
        {
            model.Validate(Question);
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }
}
