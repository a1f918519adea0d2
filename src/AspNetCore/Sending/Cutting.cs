using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

internal static class Cutting
{
    /// <summary>From handing bytes to the server until the system has them, from where a cut does not take them back:
    /// real time.</summary>
    private static readonly TimeSpan SendingTime = TimeSpan.FromMilliseconds(150);

    /// <summary>Ends an answer so that no client takes it for whole; what was flushed before arrives, as far as the
    /// client reads.</summary>
    public static async Task CutAsync(this HttpContext http)
    {
        if (!http.RequestAborted.IsCancellationRequested) await Task.Delay(SendingTime, TimeProvider.System);
        http.Abort();
    }
}
