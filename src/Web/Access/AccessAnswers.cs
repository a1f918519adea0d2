using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.Web;

/// <summary>
/// Answers callers that are not let in, by problems, whichever scheme they have tried. Guesses are limited by the
/// address that they come from; a credential that is good passes all the same, so that one caller cannot shut out the
/// others behind its proxy.
/// </summary>
/// <param name="most">Wrong keys from one address at once.</param>
internal sealed class AccessAnswers(int most = AccessAnswers.Guesses) : IAuthorizationMiddlewareResultHandler, IDisposable
{
    private const int Guesses = 20;
    private const string Realm = "Bearer realm=\"text-streams\"";

    private static readonly TimeSpan PerGuess = TimeSpan.FromSeconds(3);

    private readonly PartitionedRateLimiter<IPAddress> guesses = PartitionedRateLimiter.Create<IPAddress, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(NetworkOf(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = most,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = PerGuess,
            QueueLimit = 0,
        }));

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        return authorizeResult.Forbidden
            ? ForbidAsync(context, policy.Requirements.OfType<RightRequirement>().Select(each => each.Right ?? StreamRight.Admin).FirstOrDefault())
            : ChallengeAsync(context);
    }

    public void Dispose() => guesses.Dispose();

    public async Task ChallengeAsync(HttpContext http)
    {
        var tried = await http.AuthenticateAsync();                              // the answer that there was, again
        var refusal = RefusalOf(http, tried.Failure);
        if (refusal.StatusCode == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = tried.Failure is null ? Realm : $"{Realm}, error=\"invalid_token\"";
        await refusal.ExecuteAsync(http);
    }

    /// <summary>What a caller is told that is not known; a wrong key counts as a guess.</summary>
    /// <param name="failure">Null: it sent none.</param>
    public Refusal RefusalOf(HttpContext http, Exception? failure) => failure switch
    {
        null => Unauthenticated("Send a key or a token: 'Authorization: Bearer …'."),
        AuthorityAwayException => Refusals.Unavailable("The authority that signs the tokens does not answer. Try the same again in a moment."),
        _ when IsOneTooMany(http) => TooMany(),
        _ => Unauthenticated("The key or token is not good here: it is unknown, has expired or was revoked, or is meant for another service."),
    };

    private bool IsOneTooMany(HttpContext http)
    {
        using var guess = guesses.AttemptAcquire(http.Connection.RemoteIpAddress ?? IPAddress.None);
        return !guess.IsAcquired;
    }

    public static Task ForbidAsync(HttpContext http, StreamRight needed)
    {
        http.Response.Headers[HeaderNames.WWWAuthenticate] = $"{Realm}, error=\"insufficient_scope\", scope=\"streams:{needed.Name()}\"";
        return Lacks(needed).ExecuteAsync(http);
    }

    public static Refusal Lacks(StreamRight needed) => Forbidden($"This needs the right '{needed.Name()}', and the key or token does not have it.");

    public static Refusal Forbidden(string detail) => new(StatusCodes.Status403Forbidden, "forbidden", "The request is not allowed.", detail);

    private static Refusal Unauthenticated(string detail) =>
        new(StatusCodes.Status401Unauthorized, "unauthenticated", "The caller is not known.", detail);

    private static Refusal TooMany() =>
        new(StatusCodes.Status429TooManyRequests, "too-many-requests", "There were too many wrong keys from this address.", "Wait, and send a key or token that is good.")
        { RetryAfterSeconds = (int)PerGuess.TotalSeconds };

    /// <summary>Of IPv6 a customer has a /64, and each address in it.</summary>
    private static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
