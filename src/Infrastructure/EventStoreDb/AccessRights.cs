using System.Collections.Concurrent;
using EventStore.Client;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>What a user of the store may do.</summary>
internal enum Right
{
    ReadAll,
    Read,
    Write,
    Delete,
}

/// <summary>The rights that the store has denied the connection string's user, for health: each until it is granted
/// again, or has not been asked for for a minute.</summary>
internal sealed class AccessRights(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Right, (string What, long At)> denied = new();

    /// <summary>Which right is lacking, in words; null: none that is known.</summary>
    public string? Problem => denied.Values.Where(one => time.GetElapsedTime(one.At) < Remembered).Select(one => one.What).FirstOrDefault();

    /// <summary>Runs what needs a right, and keeps whether it was there.</summary>
    /// <exception cref="LogUnavailableException">It was not.</exception>
    public async ValueTask<T> CheckedAsync<T>(Right right, string stream, ValueTask<T> work)
    {
        try
        {
            var done = await work.ConfigureAwait(false);
            Granted(right);
            return done;
        }
        catch (Exception e) when (e is AccessDeniedException or NotAuthenticatedException)
        {
            throw new LogUnavailableException(Denied(right, stream, e), e);
        }
    }

    public void Granted(Right right)
    {
        if (!denied.IsEmpty) denied.TryRemove(right, out _);
    }

    /// <returns>It, in words.</returns>
    public string Denied(Right right, string stream, Exception e)
    {
        var what = e is NotAuthenticatedException
            ? Faults.Words(e)
            : $"EventStoreDB denies access: the user of the connection string may not {Verb(right)} {stream}. docs/operations.md says which rights are needed.";
        if (!denied.ContainsKey(right)) logger.RightDenied(what);
        denied[right] = (what, time.GetTimestamp());
        return what;
    }

    private static string Verb(Right right) => right switch
    {
        Right.Write => "append to",
        Right.Delete => "delete",
        _ => "read",
    };
}
