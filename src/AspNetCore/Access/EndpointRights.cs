using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The one table that says which right each endpoint below the prefix needs. An endpoint without a row keeps
/// the app from starting.</summary>
internal static class EndpointRights
{
    private static readonly EndpointRight
        Create = new(StreamRight.Create, "create"),
        List = new(StreamRight.List, "list"),
        Query = new(StreamRight.Read, "query"),
        Text = new(StreamRight.Read, "text"),
        Part = new(StreamRight.Read, "part"),
        FollowSeveral = new(StreamRight.Read, "follow") { IsOfSeveral = true },
        Drive = new(StreamRight.Drive, "drive"),
        Offset = new(StreamRight.Drive, "offset"),
        Cancel = new(StreamRight.Cancel, "cancel"),
        Delete = new(StreamRight.Delete, "delete");

    private static readonly EndpointRight DeleteAll = new(StreamRight.Delete, "delete-all") { IsRecorded = true };

    /// <summary>All that is stored of all streams of a label: also what clients are never sent.</summary>
    public static readonly EndpointRight Export = new(StreamRight.Admin, "export") { IsRecorded = true };

    /// <summary>What was used, by whom and when.</summary>
    public static readonly EndpointRight Usage = new(StreamRight.List, "usage") { IsRecorded = true };

    /// <summary>How far a job is: what it concerns is looked at there.</summary>
    public static readonly EndpointRight Job = new(null, "job");

    public static readonly EndpointRight Follow = new(StreamRight.Read, "events");

    /// <summary>A token's rights are at most the caller's, so that making one needs none of its own.</summary>
    public static readonly EndpointRight Mint = new(null, "mint") { IsRecorded = true };

    /// <summary>Numbers that no text can be told from: any key may read them.</summary>
    public static readonly EndpointRight Metrics = new(null, "metrics");

    /// <summary>What names no method is the answer to all that is not served.</summary>
    private static readonly EndpointRight NoEndpoint = new(null, "unserved");

    /// <summary>By method, and pattern below the prefix.</summary>
    public static IReadOnlyDictionary<(string Method, string Pattern), EndpointRight> Table { get; } =
        new Dictionary<(string, string), EndpointRight>
        {
            [("POST", "/")] = Create,
            [("GET", "/")] = List,
            [("HEAD", "/")] = List,
            [("DELETE", "/")] = DeleteAll,
            [("GET", "/{id}")] = Query,
            [("HEAD", "/{id}")] = Query,
            [("GET", "/{id}/text")] = Text,
            [("HEAD", "/{id}/text")] = Text,
            [("GET", "/{id}/parts/{part}")] = Part,
            [("HEAD", "/{id}/parts/{part}")] = Part,
            [("GET", "/{id}/events")] = Follow,
            [("HEAD", "/{id}/events")] = Follow,
            [("POST", "/-/follow")] = FollowSeveral,
            [("POST", "/{id}/drive")] = Drive,
            [("HEAD", "/{id}/drive")] = Offset,
            [("POST", "/{id}/cancel")] = Cancel,
            [("DELETE", "/{id}")] = Delete,
            [("POST", "/{id}/tokens")] = Mint,
        };

    /// <summary>Gives each endpoint of the group its row, and where the app has a policy for the right, that
    /// policy.</summary>
    public static void Require(IEndpointConventionBuilder group, IServiceProvider services) => group.Finally(endpoint =>
    {
        if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods is not { Count: > 0 } methods)
        {
            endpoint.Metadata.Add(NoEndpoint);
            return;
        }

        var pattern = Below(((RouteEndpointBuilder)endpoint).RoutePattern.RawText ?? "");
        var right = methods.Select(method => RightOf(method, pattern)).Distinct().Single();
        endpoint.Metadata.Add(right);
        if (right.Right is { } needed && HasPolicy(services, needed.Policy())) endpoint.Metadata.Add(new AuthorizeAttribute(needed.Policy()));
    });

    /// <summary>For an endpoint that lies below no stream's prefix.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, EndpointRight right, IServiceProvider services)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(right);
        if (right.Right is { } needed && HasPolicy(services, needed.Policy())) endpoint.WithMetadata(new AuthorizeAttribute(needed.Policy()));
        return endpoint;
    }

    private static EndpointRight RightOf(string method, string pattern) =>
        Table.GetValueOrDefault((method, pattern)) ?? throw new InvalidOperationException(
            $"{method} {pattern} has no row in {nameof(EndpointRights)}: say there which right it needs.");

    private static string Below(string whole) =>
        whole.LastIndexOf("/{id}", StringComparison.Ordinal) is >= 0 and var stream ? whole[stream..]
        : whole.LastIndexOf("/-/", StringComparison.Ordinal) is >= 0 and var several ? whole[several..]
        : "/";

    private static bool HasPolicy(IServiceProvider services, string name) =>
        services.GetService<IAuthorizationPolicyProvider>()?.GetPolicyAsync(name).GetAwaiter().GetResult() is not null;
}
