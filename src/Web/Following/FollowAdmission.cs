using System.Threading.RateLimiting;
using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.Web;

/// <summary>
/// Decides for each of several streams in one answer as for one: by its token, else by what the request was sent with.
/// Each counts as a follower, stands in the record of access, and ends when what let it in is over.
/// </summary>
internal sealed class FollowAdmission(
    CallerAccess access,
    EngineAccess engine,
    OpenAnswers answers,
    AccessRecord record,
    CurrentLimits limits,
    IOptions<RateLimiterOptions> limiters,
    IAuthorizationMiddlewareResultHandler refusing,
    IServiceScopeFactory scopes) : IFollowAdmission
{
    private AccessAnswers Refusing => (AccessAnswers)refusing;

    public async Task<bool> AdmitAsync(HttpContext http)
    {
        if (access.IsOpen || http.User.Has(StreamRight.Read)) return true;
        if (http.User.Identity is { IsAuthenticated: true }) await AccessAnswers.ForbidAsync(http, StreamRight.Read);
        else await Refusing.ChallengeAsync(http);
        return false;
    }

    public async Task FollowAsync(HttpContext http, StreamId stream, string? token, Func<HttpContext, Task> follow)
    {
        await using var scope = scopes.CreateAsyncScope();
        var caller = new FollowCaller(http, scope.ServiceProvider, token);
        try
        {
            if (token is not null) await KnowAsync(caller.Http);
            Check(caller.Http);
            using var counted = Counted(caller.Http);
            await RecordAsync(caller.Http, stream);
            if (token is not null && caller.Http.Features.Get<AccessPass>() is { } pass) await answers.WatchAsync(caller.Http, pass, () => follow(caller.Http));
            else await follow(caller.Http);
        }
        catch (RefusedException e) when (RecordedRequests.Refused(e.Refusal.StatusCode, caller.Http) is { } why)
        {
            Record(caller.Http, stream, why);
            throw;
        }
        finally
        {
            caller.Dispose();
        }
    }

    private async Task KnowAsync(HttpContext caller)
    {
        var known = await caller.AuthenticateAsync();
        if (known.Succeeded) caller.User = known.Principal;
        else if (!access.IsOpen) throw new RefusedException(Refusing.RefusalOf(caller, known.Failure));
    }

    private void Check(HttpContext caller)
    {
        if (access.IsOpen || caller.User.Has(StreamRight.Read)) return;
        throw new RefusedException(caller.User.Identity is { IsAuthenticated: true }
            ? AccessAnswers.Lacks(StreamRight.Read)
            : Refusing.RefusalOf(caller, failure: null));
    }

    private RateLimitLease? Counted(HttpContext caller)
    {
        if (!limits.Current.Followers.IsSet() || limiters.Value.GlobalLimiter is not { } limiter) return null;
        var lease = limiter.AttemptAcquire(caller);
        if (lease.IsAcquired) return lease;
        using (lease) throw new RefusedException(HostLimits.TooManyFollowers(lease));
    }

    /// <summary>That it is read; a stream that is not there for the caller is a refusal instead.</summary>
    private async Task RecordAsync(HttpContext caller, StreamId stream)
    {
        if (!record.IsOn || caller.User.Identity is not { IsAuthenticated: true }) return;
        try
        {
            if (StreamScope.Of(caller) is { } scope) await scope.CheckAsync(engine.Owners, stream, caller.RequestAborted);
        }
        catch (LogUnavailableException)
        {
            // The following waits for the log, and finds out.
        }

        Record(caller, stream, refused: null);
    }

    private void Record(HttpContext caller, StreamId stream, string? refused)
    {
        if (record.IsOn)
            record.Add(Callers.Of(caller).Actor, EndpointRights.Follow.Operation, stream, caller.Connection.RemoteIpAddress?.ToString(), refused);
    }

    /// <summary>The request as it would be for one stream alone: with the stream's token, the rights of an endpoint
    /// that follows one, and an abort that ends only this.</summary>
    private sealed class FollowCaller : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource aborted = new();

        public FollowCaller(HttpContext http, IServiceProvider services, string? token)
        {
            var features = new FeatureCollection(http.Features);
            var asked = http.Features.GetRequiredFeature<IHttpRequestFeature>();
            IHeaderDictionary headers = new HeaderDictionary(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>(asked.Headers, StringComparer.OrdinalIgnoreCase));
            if (token is not null) headers.Authorization = Bearer.Header(token);
            features.Set<IHttpRequestFeature>(new HttpRequestFeature
            {
                Protocol = asked.Protocol,
                Scheme = asked.Scheme,
                Method = asked.Method,
                PathBase = asked.PathBase,
                Path = asked.Path,
                QueryString = asked.QueryString,
                RawTarget = asked.RawTarget,
                Headers = headers,
                Body = Stream.Null,
            });
            features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            features.Set<IHttpAuthenticationFeature>(new HttpAuthenticationFeature { User = token is null ? http.User : new() });
            features.Set<IItemsFeature>(new ItemsFeature());
            features.Set<IServiceProvidersFeature>(new ServiceProvidersFeature { RequestServices = services });
            features.Set<IHttpRequestLifetimeFeature>(this);
            var metadata = http.GetEndpoint()!.Metadata.Where(each => each is not EndpointRight).Append(EndpointRights.Follow);
            features.Set<IEndpointFeature>(new AsOfOne { Endpoint = new Endpoint(null, new EndpointMetadataCollection(metadata), "One of several streams") });
            Http = new DefaultHttpContext(features);
        }

        public HttpContext Http { get; }

        CancellationToken IHttpRequestLifetimeFeature.RequestAborted
        {
            get => aborted.Token;
            set => throw new NotSupportedException();
        }

        void IHttpRequestLifetimeFeature.Abort() => aborted.Cancel();

        public void Dispose() => aborted.Dispose();

        private sealed class AsOfOne : IEndpointFeature
        {
            public Endpoint? Endpoint { get; set; }
        }
    }

    private sealed class ServiceProvidersFeature : IServiceProvidersFeature
    {
        public required IServiceProvider RequestServices { get; set; }
    }
}
