namespace EventStore.Client;

/// <summary>Lets through by the stream's name.</summary>
public static class StreamFilter
{
    /// <param name="maxSearchWindow">Events looked at between two checkpoints, from 1.</param>
    /// <param name="prefixes">At least one.</param>
    public static IEventFilter Prefix(uint maxSearchWindow, params string[] prefixes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxSearchWindow);
        if (prefixes.Length == 0) throw new ArgumentException("A filter by prefix needs at least one.", nameof(prefixes));
        return new EventFilter(OfStreams: true, prefixes, "", maxSearchWindow);
    }
}
