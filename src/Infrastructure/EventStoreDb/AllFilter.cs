using System.Text.RegularExpressions;
using EventSourcedStreams.Domain;
using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>
/// What of a <see cref="StoreFilter"/> the server can do: it filters by the stream's name or by the event's type, not
/// by both. Types that are not wanted are what there is most of, so they go first; the rest is done here.
/// </summary>
internal static class AllFilter
{
    /// <summary>Events that the server looks at between two checkpoints. Fewer would cost more messages, more would
    /// cost a reconnect more.</summary>
    private const uint Window = 500;

    /// <returns>Null: the server has nothing to leave out.</returns>
    public static IEventFilter? Of(StoreFilter filter)
    {
        if (Types(filter) is { } types) return EventTypeFilter.RegularExpression(types, Window);
        return filter.StreamPrefixes.Count > 0 ? StreamFilter.Prefix(Window, [.. filter.StreamPrefixes]) : null;
    }

    /// <returns>A regular expression for the types that are sent; null: by type nothing is left out.</returns>
    internal static string? Types(StoreFilter filter)
    {
        if (filter.ExceptTypes.Count == 0) return null;
        var types = $"^(?!(?:{string.Join('|', filter.ExceptTypes.Select(Regex.Escape))})$)";

        // The server's own events stand in its own streams; a tombstone stands in ours.
        var system = filter.StreamPrefixes.Count > 0 && !filter.StreamPrefixes.Any(prefix => prefix.StartsWith('$'));
        return system ? types + @"(?!\$(?!streamDeleted$))" : types;
    }
}
