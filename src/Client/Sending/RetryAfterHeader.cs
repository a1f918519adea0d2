namespace EventSourcedStreams.Client;

/// <summary>When a server wants to be asked again.</summary>
internal static class RetryAfterHeader
{
    /// <summary>Null: it does not say. A date counts from the server's own, where that is known.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => Positive(date - (response.Headers.Date ?? time.GetUtcNow())),
        _ => null,
    };

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
