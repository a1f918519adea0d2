using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams;

/// <summary>What is served below one prefix.</summary>
public sealed class TextStreamEndpointsOptions
{
    /// <summary>
    /// Whether a part is shown to the client that makes a request: what is hidden leaves the server in no form, and the
    /// numbers of parts have gaps. What belongs to a hidden part (<see cref="PartStart.Of"/>) is hidden with it: a
    /// tool's result with its call. Called for each part and answer, and so quick; the same part has the same answer as
    /// long as the client may do the same. Null: all are shown, but those of the kind <see cref="PartKinds.Opaque"/>,
    /// which never are.
    /// </summary>
    public Func<HttpContext, StreamPart, bool>? ShowPart { get; set; }

    /// <summary>
    /// Lets the pages of further origins change something, beside those that <c>Cors:Origins</c> names, as where the
    /// app's own CORS policy knows them: gets the request and its <c>Origin</c>, which is <c>null</c> as a text for a
    /// page without one. Pages of others are refused (403). Null: none.
    /// </summary>
    public Func<HttpContext, string, bool>? AllowOrigin { get; set; }

    /// <summary>Those of the endpoint that a request has come to.</summary>
    internal static TextStreamEndpointsOptions Of(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<TextStreamEndpointsOptions>() ?? new();
}
