namespace EventSourcedStreams.Sqlite;

/// <summary>A stream's name by its number. A name never changes; so the last few are kept.</summary>
internal sealed class NameLookup(Database database)
{
    private const int Kept = 4096;

    private readonly Dictionary<long, string> names = [];
    private readonly Statement byId = database.Prepare("SELECT name FROM streams WHERE id = ?1");
    private readonly Statement byName = database.Prepare("SELECT stream FROM names WHERE name = ?1");

    /// <param name="position">Where an event of the stream stands.</param>
    /// <exception cref="LogDamagedException">The name is lost, or is another's.</exception>
    public string Find(long id, long position)
    {
        if (names.TryGetValue(id, out var known)) return known;
        var name = byId.Bind(1, id).Step() && byId.Length(0) <= EventRow.MaxNameBytes ? byId.Text(0) : null;
        byId.Reset();
        if (name is null || byName.Bind(1, name).Number() != id)
            throw new LogDamagedException(name ?? $"(stream {id})", null, $"the name of the stream of position {position} is damaged.");
        if (names.Count >= Kept) names.Clear();
        return names[id] = name;
    }
}
