namespace EventStore.Client;

/// <summary>Lets through by the event's type.</summary>
public static class EventTypeFilter
{
    /// <param name="regex">In the server's dialect, which is .NET's.</param>
    /// <param name="maxSearchWindow">Events looked at between two checkpoints, from 1.</param>
    public static IEventFilter RegularExpression(string regex, uint maxSearchWindow = 32)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxSearchWindow);
        return new EventFilter(OfStreams: false, [], regex, maxSearchWindow);
    }
}
