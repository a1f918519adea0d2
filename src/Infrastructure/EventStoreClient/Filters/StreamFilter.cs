using System.Text.RegularExpressions;

namespace EventStore.Client;

/// <summary>Lets through by the stream's name.</summary>
public readonly struct StreamFilter : IEquatable<StreamFilter>, IEventFilter
{
    public static readonly StreamFilter None;

    private readonly PrefixFilterExpression[]? prefixes;

    private StreamFilter(uint maxSearchWindow, RegularFilterExpression regex, params PrefixFilterExpression[] prefixes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxSearchWindow);
        if (regex == RegularFilterExpression.None && prefixes.Length == 0)
            throw new ArgumentException("A filter by prefix needs at least one.", nameof(prefixes));
        (MaxSearchWindow, Regex, this.prefixes) = (maxSearchWindow, regex, prefixes);
    }

    public PrefixFilterExpression[] Prefixes => prefixes ?? [];

    public RegularFilterExpression Regex { get; }

    public uint? MaxSearchWindow { get; }

    public static IEventFilter Prefix(string prefix) => Prefix(32, prefix);

    public static IEventFilter Prefix(params string[] prefixes) => Prefix(32, prefixes);

    /// <param name="maxSearchWindow">Events looked at between two checkpoints, from 1.</param>
    public static IEventFilter Prefix(uint maxSearchWindow, params string[] prefixes) =>
        new StreamFilter(
            maxSearchWindow, RegularFilterExpression.None, Array.ConvertAll(prefixes, prefix => new PrefixFilterExpression(prefix)));

    /// <param name="regex">In the server's dialect, which is .NET's.</param>
    public static IEventFilter RegularExpression(string regex, uint maxSearchWindow = 32) =>
        new StreamFilter(maxSearchWindow, new RegularFilterExpression(regex));

    public static IEventFilter RegularExpression(Regex regex, uint maxSearchWindow = 32) =>
        new StreamFilter(maxSearchWindow, new RegularFilterExpression(regex));

    public bool Equals(StreamFilter other) =>
        Prefixes.SequenceEqual(other.Prefixes) && Regex == other.Regex && MaxSearchWindow == other.MaxSearchWindow;

    public override bool Equals(object? obj) => obj is StreamFilter other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Prefixes.Length, Regex, MaxSearchWindow);

    public override string ToString() =>
        this == None ? "(none)" : $"StreamFilter {(Prefixes.Length == 0 ? Regex.ToString() : $"[{string.Join(", ", Prefixes)}]")}";

    public static bool operator ==(StreamFilter left, StreamFilter right) => left.Equals(right);

    public static bool operator !=(StreamFilter left, StreamFilter right) => !left.Equals(right);
}
