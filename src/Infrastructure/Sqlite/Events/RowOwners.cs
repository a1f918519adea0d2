
namespace EventSourcedStreams.Sqlite;

/// <param name="IsSure">The row and the index say the same of it.</param>
internal readonly record struct RowOwner(string Stream, long Revision, bool IsSure);

/// <summary>The stream that owns a row of the log. The numbers in it are compared with the index, which is asked the
/// other way round where the two do not agree.</summary>
internal sealed class RowOwners(Database database, NameLookup names)
{
    private readonly NameVotes votes = new(database);

    private readonly Statement indexed = database.Prepare("""
        SELECT position FROM recent WHERE stream = ?1 AND revision = ?2
        UNION ALL
        SELECT position FROM settled WHERE stream = ?1 AND revision = ?2 LIMIT 1
        """);

    private readonly Statement[] between = [.. new[] { "recent", "settled" }.Select(index => database.Prepare(
        $"SELECT stream, revision, position FROM {index} WHERE position > ?1 AND position < ?2"))];

    private readonly Statement[] betweenFromTheEnd = [.. new[] { "recent", "settled" }.Select(index => database.Prepare(
        $"SELECT stream, revision, position FROM {index} WHERE position > ?1 AND position < ?2 ORDER BY stream DESC, revision DESC"))];

    /// <param name="stream">As the row says, like <paramref name="revision"/>.</param>
    /// <returns>Null: it cannot be found out.</returns>
    public RowOwner? Of(long stream, long revision, long position)
    {
        if (PositionOf(stream, revision) == position) return Named(stream, revision, position);
        foreach (var (owner, at, _) in Between(position - 1, position + 1)) return Doubted(owner, at);
        return Doubted(stream, revision);
    }

    /// <summary>As the row says it.</summary>
    public RowOwner? Named(long stream, long revision, long position)
    {
        try
        {
            return new RowOwner(names.Find(stream, position), revision, IsSure: true);
        }
        catch (Exception e) when (e is DatabaseException { IsDamage: true } or LogDamagedException)
        {
            return Doubted(stream, revision);
        }
    }

    /// <summary>What the index has between two positions, both excluded, as far as it can be read; in their order.
    /// Reads it whole.</summary>
    public IReadOnlyList<(long Stream, long Revision, long Position)> Between(long after, long before)
    {
        var found = new HashSet<(long Stream, long Revision, long Position)>();
        for (var i = 0; i < between.Length; i++)
        {
            // Where one end does not lead to the other, what lies behind the damage is found from there.
            if (!TryAdd(between[i], after, before, found)) TryAdd(betweenFromTheEnd[i], after, before, found);
        }

        return [.. found.OrderBy(row => row.Position)];
    }

    private static bool TryAdd(Statement index, long after, long before, HashSet<(long, long, long)> found)
    {
        try
        {
            index.Bind(1, after).Bind(2, before);
            while (index.Step()) found.Add((index.Int64(0), index.Int64(1), index.Int64(2)));
            return true;
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            return false;
        }
        finally
        {
            index.Reset();
        }
    }

    public RowOwner? Doubted(long stream, long revision) => votes.Find(stream) is { } name ? new RowOwner(name, revision, IsSure: false) : null;

    private long? PositionOf(long stream, long revision) => indexed.Bind(1, stream).Bind(2, revision).NumberIfReadable();
}
