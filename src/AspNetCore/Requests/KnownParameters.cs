using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>For a request that does much with little: a parameter that is misspelt, or that it does not have, must not
/// make it do more than was meant.</summary>
internal static class KnownParameters
{
    /// <exception cref="RefusedException">Names the first that is not known.</exception>
    public static void Check(HttpRequest request, params ReadOnlySpan<string> known)
    {
        foreach (var name in request.Query.Keys)
        {
            if (!known.Contains(name))
                throw new RefusedException(Refusals.Invalid(name, $"There is no such parameter here; there are {string.Join(", ", known.ToArray())}."));
        }
    }
}
