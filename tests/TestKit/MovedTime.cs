namespace EventSourcedStreams.TestKit;

/// <summary>A clock that runs by itself, as fast as the real one, from a given moment on: what was recorded once is as
/// old as it was then, whenever a test runs.</summary>
public sealed class MovedTime(DateTimeOffset start) : TimeProvider
{
    private readonly long begun = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(begun);
}
