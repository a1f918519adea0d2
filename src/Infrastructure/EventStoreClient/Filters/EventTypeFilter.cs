using System.Text.RegularExpressions;

namespace EventStore.Client;

/// <summary>Lets through by the event's type.</summary>
public readonly struct EventTypeFilter : IEquatable<EventTypeFilter>, IEventFilter
{
    public static readonly EventTypeFilter None;

    private readonly PrefixFilterExpression[]? prefixes;

    private EventTypeFilter(uint maxSearchWindow, RegularFilterExpression regex, params PrefixFilterExpression[] prefixes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxSearchWindow);
        if (regex == RegularFilterExpression.None && prefixes.Length == 0)
            throw new ArgumentException("A filter by prefix needs at least one.", nameof(prefixes));
        (MaxSearchWindow, Regex, this.prefixes) = (maxSearchWindow, regex, prefixes);
    }

    public PrefixFilterExpression[] Prefixes => prefixes ?? [];

    public RegularFilterExpression Regex { get; }

    public uint? MaxSearchWindow { get; }

    public static EventTypeFilter ExcludeSystemEvents(uint maxSearchWindow = 32) =>
        new(maxSearchWindow, RegularFilterExpression.ExcludeSystemEvents);

    public static IEventFilter Prefix(string prefix) => Prefix(32, prefix);

    public static IEventFilter Prefix(params string[] prefixes) => Prefix(32, prefixes);

    /// <param name="maxSearchWindow">Events looked at between two checkpoints, from 1.</param>
    public static IEventFilter Prefix(uint maxSearchWindow, params string[] prefixes) =>
        new EventTypeFilter(
            maxSearchWindow, RegularFilterExpression.None, Array.ConvertAll(prefixes, prefix => new PrefixFilterExpression(prefix)));

    /// <param name="regex">In the server's dialect, which is .NET's.</param>
    public static IEventFilter RegularExpression(string regex, uint maxSearchWindow = 32) =>
        new EventTypeFilter(maxSearchWindow, new RegularFilterExpression(regex));

    public static IEventFilter RegularExpression(Regex regex, uint maxSearchWindow = 32) =>
        new EventTypeFilter(maxSearchWindow, new RegularFilterExpression(regex));

    public bool Equals(EventTypeFilter other) =>
        Prefixes.SequenceEqual(other.Prefixes) && Regex == other.Regex && MaxSearchWindow == other.MaxSearchWindow;

    public override bool Equals(object? obj) => obj is EventTypeFilter other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Prefixes.Length, Regex, MaxSearchWindow);

    public override string ToString() =>
        this == None ? "(none)" : $"EventTypeFilter {(Prefixes.Length == 0 ? Regex.ToString() : $"[{string.Join(", ", Prefixes)}]")}";

    public static bool operator ==(EventTypeFilter left, EventTypeFilter right) => left.Equals(right);

    public static bool operator !=(EventTypeFilter left, EventTypeFilter right) => !left.Equals(right);
}
