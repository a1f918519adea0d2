using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The streams that there are for a caller. Any other is unknown to it, whatever it asks. Nothing but a stream's first
/// event is looked at.
/// </summary>
/// <param name="Labels">A stream has them all; one that the caller creates gets them. The first lists the
/// fewest.</param>
/// <param name="Only">Null: not only one.</param>
internal sealed record StreamScope(IReadOnlyList<KeyValuePair<string, string>> Labels, StreamId? Only)
{
    /// <returns>Null: all streams.</returns>
    /// <exception cref="RefusedException">The streams have owners, and the caller has not signed in.</exception>
    public static StreamScope? Of(HttpContext http)
    {
        var owner = StreamOwnership.Of(http)?.LabelFor(http);

        // HttpContext.User would make a user where there is none, which each observer then keeps.
        if (http.Features.Get<IHttpAuthenticationFeature>()?.User is not { } user) return owner is null ? null : new StreamScope([owner.Value], null);
        var claimed = user.FindAll(AccessClaims.Label).Select(claim => AccessClaims.ParseLabel(claim.Value));
        var only = user.FindFirst(AccessClaims.Stream)?.Value;
        KeyValuePair<string, string>[] labels = [.. owner is { } own ? [own] : (KeyValuePair<string, string>[])[], .. claimed];
        return labels is [] && only is null ? null : new StreamScope([.. labels.Distinct()], only is null ? null : new StreamId(only));
    }

    /// <exception cref="RefusedException">There is no such stream for the caller, or it was deleted and so has no
    /// labels.</exception>
    public async Task CheckAsync(StreamOwners owners, StreamId id, CancellationToken ct)
    {
        if (Only is { } only && id != only) throw new RefusedException(Refusals.UnknownStream(id));
        try
        {
            foreach (var (name, value) in Labels)
                if (await owners.FindAsync(id, name, ct) != value) throw new RefusedException(Refusals.UnknownStream(id));
        }
        catch (StreamGoneException)
        {
            throw new RefusedException(Refusals.UnknownStream(id));              // its labels went with it
        }
        catch (LogDamagedException e) when (e.ForeignType is not null)
        {
            throw new RefusedException(Refusals.UnknownStream(id)); // another program has begun it: it has none
        }
    }
}
