namespace EventSourcedStreams.Domain;

/// <summary>What <see cref="IEventStoreReader.FollowAllAsync"/> delivers: the streams whose names begin with a prefix,
/// without some types.</summary>
/// <param name="StreamPrefixes">Ordinal; an empty list means every stream.</param>
/// <param name="ExceptTypes">Types that are not delivered, nor fetched where the log can do so.</param>
internal sealed record StoreFilter(IReadOnlyList<string> StreamPrefixes, IReadOnlyList<string> ExceptTypes)
{
    public bool Matches(string stream, string type) =>
        (StreamPrefixes.Count == 0 || StreamPrefixes.Any(prefix => stream.StartsWith(prefix, StringComparison.Ordinal)))
        && !ExceptTypes.Contains(type, StringComparer.Ordinal);
}
