using System.Collections;
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>What an application notes on a stream, equal by its contents; ordered by name (ordinal).</summary>
[JsonConverter(typeof(LabelsJsonConverter))]
public sealed class Labels : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<Labels>
{
    private readonly ImmutableSortedDictionary<string, string> pairs;

    private Labels(ImmutableSortedDictionary<string, string> pairs) => this.pairs = pairs;

    public static Labels None { get; } = new(ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal));

    public int Count => pairs.Count;

    public string? this[string name] => pairs.GetValueOrDefault(name);

    /// <exception cref="ArgumentException">A name stands twice, with two values.</exception>
    public static Labels From(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, pairs));

    public bool Equals(Labels? other) => other is not null && pairs.SequenceEqual(other.pairs);

    public override bool Equals(object? obj) => Equals(obj as Labels);

    public override int GetHashCode() => pairs.Aggregate(0, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
