using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// What <c>OwnedBy</c> puts on the endpoints. The owner is a label of the stream, and so stands in the log for ever.
/// Nothing but the stream's first event is asked: a caller that may not see a stream gets the same answer as for an id
/// that never was.
/// </summary>
internal sealed class StreamOwnership(Func<HttpContext, string?> owner, string label)
{
    public static StreamOwnership? Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<StreamOwnership>();

    /// <exception cref="RefusedException">The caller has not signed in.</exception>
    public KeyValuePair<string, string> LabelFor(HttpContext http) =>
        owner(http) is { Length: > 0 } name ? KeyValuePair.Create(label, name) : throw new RefusedException(Refusals.NoOwner());

    /// <exception cref="RefusedException">There is no such stream, or it has another owner, or it was deleted and so
    /// has none.</exception>
    public async Task CheckAsync(HttpContext http, StreamOwners owners, StreamId id, CancellationToken ct)
    {
        var wanted = LabelFor(http);
        try
        {
            if (await owners.FindAsync(id, wanted.Key, ct) == wanted.Value) return;
        }
        catch (StreamGoneException)
        {
            // Its owner went with it.
        }
        catch (LogDamagedException e) when (e.ForeignType is not null)
        {
            // Another program has begun it: it has no owner here.
        }

        throw new RefusedException(Refusals.UnknownStream(id));
    }
}
