using System.Collections;
using System.Collections.Immutable;

namespace EventSourcedStreams.Domain;

/// <summary>A set of names in ordinal order, equal by its contents.</summary>
internal sealed class Names : IReadOnlyCollection<string>, IEquatable<Names>
{
    private readonly ImmutableSortedSet<string> names;

    private Names(ImmutableSortedSet<string> names) => this.names = names;

    public static Names None { get; } = From([]);

    public int Count => names.Count;

    public bool Contains(string name) => names.Contains(name);

    public static Names From(IEnumerable<string> names) => new(ImmutableSortedSet.CreateRange(StringComparer.Ordinal, names));

    public bool Equals(Names? other) => other is not null && names.SequenceEqual(other.names);

    public override bool Equals(object? obj) => Equals(obj as Names);

    public override int GetHashCode() => names.Aggregate(0, HashCode.Combine);

    public IEnumerator<string> GetEnumerator() => names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
