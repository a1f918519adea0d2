using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

internal static class Cutting
{
    /// <summary>From handing bytes to the server until the system has them, from where a cut does not take them back:
    /// real time, of which a moment in which this process stood still counts as no more than one.</summary>
    private static readonly TimeSpan SendingMoment = TimeSpan.FromMilliseconds(15);

    private const int SendingMoments = 10;

    /// <summary>Ends an answer so that no client takes it for whole; what was flushed before arrives, as far as the
    /// client reads.</summary>
    public static async Task CutAsync(this HttpContext http)
    {
        for (var i = 0; i < SendingMoments && !http.RequestAborted.IsCancellationRequested; i++) await Task.Delay(SendingMoment, TimeProvider.System);
        http.Abort();
    }
}
