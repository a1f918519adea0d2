using EventSourcedStreams;
using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The HTTP API of text streams.</summary>
public static class TextStreamEndpoints
{
    /// <summary>
    /// Serves text streams below a prefix. What is returned takes conventions, as <c>RequireAuthorization()</c>.
    /// Everything below the prefix that is not served is answered with a problem too.
    /// </summary>
    public static RouteGroupBuilder MapTextStreams(this IEndpointRouteBuilder endpoints, string prefix = "/v1/streams")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        RequireServices(endpoints, nameof(MapTextStreams));
        var addresses = new StreamAddresses();
        var group = endpoints.MapGroup(prefix).WithTags("Streams").WithMetadata(addresses);
        EndpointNames.CarryPrefix(group);
        EndpointRights.Require(group, endpoints.ServiceProvider);
        AddFilters(group);
        CreateStream.Map(group);
        ListStreams.Map(group);
        addresses.Stream.IsOf(GetStream.Map(group));
        GetStreamText.Map(group);
        addresses.Part.IsOf(GetStreamPart.Map(group));
        addresses.Drive.IsOf(DriveStream.Map(group));
        UploadOffset.Map(group);
        addresses.Events.IsOf(FollowStream.Map(group));
        FollowStreams.Map(group);
        CancelStream.Map(group);
        DeleteStream.Map(group);
        Unserved.Map(group);
        return group;
    }

    /// <summary>The same, with options for what is below the prefix.</summary>
    public static RouteGroupBuilder MapTextStreams(
        this IEndpointRouteBuilder endpoints, Action<TextStreamEndpointsOptions> configure, string prefix = "/v1/streams")
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TextStreamEndpointsOptions();
        configure(options);
        return endpoints.MapTextStreams(prefix).WithMetadata(options);
    }

    /// <summary>
    /// Serves what concerns all streams of a label: their deletion (<c>DELETE</c> of the streams' prefix), and below a
    /// prefix of its own their <c>export</c>, how far both are (<c>jobs</c>), and
    /// what streams have used (<c>usage</c>). What is returned takes conventions, as
    /// <c>RequireAuthorization()</c> and <c>OwnedBy</c>, and needs the same ones as the streams.
    /// </summary>
    /// <param name="streams">What <c>MapTextStreams</c> has returned.</param>
    public static RouteGroupBuilder MapTextStreamJobs(this IEndpointRouteBuilder endpoints, RouteGroupBuilder streams, string prefix = "/v1")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentNullException.ThrowIfNull(prefix);
        RequireServices(endpoints, nameof(MapTextStreamJobs));
        var (group, addresses) = (endpoints.MapGroup(prefix).WithTags("Jobs"), new JobAddresses());
        AddFilters(group);
        foreach (var job in GetJob.Map(group, prefix)) addresses.Jobs.IsOf(job.Needs(EndpointRights.Job, endpoints.ServiceProvider));
        foreach (var export in ExportStreams.Map(group, prefix, addresses)) addresses.Exports.IsOf(export.Needs(EndpointRights.Export, endpoints.ServiceProvider));
        foreach (var usage in GetUsage.Map(group, prefix)) usage.Needs(EndpointRights.Usage, endpoints.ServiceProvider);
        DeleteStreams.Map(streams, addresses);
        return group;
    }

    /// <summary>
    /// Gives every stream an owner: its creator, noted in a label of it. Lists show only the caller's own streams; any
    /// other stream is unknown (404), whatever is asked of it. A deleted id has no owner, and so is unknown too.
    /// </summary>
    /// <param name="owner">
    /// The caller, as a name that stays the caller's, of at most 256 characters:
    /// <c>http => http.User.FindFirstValue("sub")</c>. A team's name shares streams in the team. Null: not signed in,
    /// answered 401.
    /// </param>
    /// <param name="label">The label that holds the owner. App code that creates a stream by <see cref="TextStreams"/>
    /// sets it itself.</param>
    public static TBuilder OwnedBy<TBuilder>(this TBuilder streams, Func<HttpContext, string?> owner, string label = "user")
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentException.ThrowIfNullOrEmpty(label);
        return streams.WithMetadata(new StreamOwnership(owner, label));
    }

    private static void RequireServices(IEndpointRouteBuilder endpoints, string method)
    {
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(EngineAccess)) is false)
            throw new InvalidOperationException($"{method}() needs what AddTextStreams() adds: call builder.Services.AddTextStreams() before builder.Build().");
    }

    /// <summary>What stands around every endpoint, also those of the ready-made host that are not below the
    /// prefix.</summary>
    internal static void AddFilters(RouteGroupBuilder group)
    {
        group.DisableCookieRedirect(); // a page to sign in on would be taken for a stream's text
        LongAnswers.DisableCaching(group);
        group.AddEndpointFilter(LongAnswers.UnbufferedAsync);
        AddFilter<RequestFilter>(group);
        AddFilter<OriginFilter>(group);
        AddFilter<OwnerFilter>(group);
    }

    /// <summary>One for all requests: none then needs services of its own, which an observer would keep.</summary>
    private static void AddFilter<TFilter>(RouteGroupBuilder group) where TFilter : IEndpointFilter
    {
        var filter = new Lazy<TFilter>(() => ActivatorUtilities.CreateInstance<TFilter>(((IEndpointRouteBuilder)group).ServiceProvider));
        group.AddEndpointFilter((context, next) => filter.Value.InvokeAsync(context, next));
    }
}
