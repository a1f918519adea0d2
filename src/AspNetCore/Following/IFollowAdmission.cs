using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Decides for each of several streams that are followed in one answer, where a host itself knows who may read
/// what.</summary>
internal interface IFollowAdmission
{
    /// <summary>Whether the request may read streams by what it was sent with; one that may not has been
    /// answered.</summary>
    Task<bool> AdmitAsync(HttpContext http);

    /// <summary>Lets one stream be followed.</summary>
    /// <param name="token">Null: by what the request itself was sent with.</param>
    /// <param name="follow">Gets the stream's own caller, whose <see cref="HttpContext.RequestAborted"/> fires when it
    /// may not go on.</param>
    /// <exception cref="RefusedException">It may not be followed.</exception>
    Task FollowAsync(HttpContext http, StreamId stream, string? token, Func<HttpContext, Task> follow);
}

internal static class FollowAdmission
{
    /// <summary>Where no host decides: the app's own policies have let the request in, and so all its
    /// streams.</summary>
    public static Task FollowAsync(HttpContext http, string? token, Func<HttpContext, Task> follow) => token is null
        ? follow(http)
        : throw new RefusedException(Refusals.Invalid("token", "This server takes no tokens of single streams: sign in the request itself."));
}
