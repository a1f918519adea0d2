using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// What <c>OwnedBy</c> puts on the endpoints. The owner is a label of the stream, and so stands in the log for ever.
/// </summary>
internal sealed class StreamOwnership(Func<HttpContext, string?> owner, string label)
{
    public static StreamOwnership? Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<StreamOwnership>();

    /// <exception cref="RefusedException">The caller has not signed in.</exception>
    public KeyValuePair<string, string> LabelFor(HttpContext http) =>
        owner(http) is { Length: > 0 } name ? KeyValuePair.Create(label, name) : throw new RefusedException(Refusals.NoOwner());
}
