namespace EventSourcedStreams.Sqlite;

/// <param name="Id">-1 for a stream that never was.</param>
/// <param name="Head">Its last revision; -1 for a stream that never was; 2^63−1 for one with a tombstone.</param>
/// <param name="Position">Of its last event.</param>
internal readonly record struct FoundStream(long Id, long Head, long Position)
{
    public static FoundStream None => new(-1, -1, -1);
}

/// <summary>A stream by its name. All that is said of it stands in two places, and both are asked.</summary>
internal sealed class HeadLookup(Database database)
{
    private readonly Statement named = database.Prepare("SELECT stream FROM names WHERE name = ?1");
    private readonly Statement indexed = database.Prepare("SELECT id FROM streams INDEXED BY streams_by_name WHERE name = ?1");
    private readonly Statement written = database.Prepare("SELECT name, head FROM streams WHERE id = ?1");

    private readonly Statement recent = database.Prepare(
        "SELECT revision, position FROM recent WHERE stream = ?1 ORDER BY revision DESC LIMIT 1");

    private readonly Statement settled = database.Prepare(
        "SELECT revision, position FROM settled WHERE stream = ?1 ORDER BY revision DESC LIMIT 1");

    /// <exception cref="LogDamagedException">Two places do not agree: the stream's name, its head, or its end is
    /// lost.</exception>
    public FoundStream Find(string stream) => Find(stream, EventRow.Utf8(stream));

    public FoundStream Find(string stream, ReadOnlySpan<byte> utf8)
    {
        var id = named.BindUtf8(1, utf8).Number();
        if (id != indexed.BindUtf8(1, utf8).Number())
            throw new LogDamagedException(stream, 0, "one of the two places that know the stream's name has lost it.");
        if (id is not { } known) return FoundStream.None;

        var head = WrittenHead(stream, utf8, known);
        var last = Last(recent, known) ?? Last(settled, known) ?? (-1, -1);
        if (head == last.Revision) return new FoundStream(known, head, last.Position);
        throw head > last.Revision
            ? new LogDamagedException(
                stream, last.Revision + 1, $"the stream's head is {head}, but this event is not to be found.")
            : new LogDamagedException(stream, last.Revision, $"this event stands beyond the stream's head, {head}.");
    }

    private long WrittenHead(string stream, ReadOnlySpan<byte> utf8, long id)
    {
        var found = written.Bind(1, id).Step();
        var (isIts, head) = found ? (written.Utf8(0).SequenceEqual(utf8), written.Int64(1)) : (true, -1);
        written.Reset();
        return isIts ? head : throw new LogDamagedException(stream, 0, "the stream's head says that it is another stream's.");
    }

    private static (long Revision, long Position)? Last(Statement last, long stream)
    {
        (long, long)? found = last.Bind(1, stream).Step() ? (last.Int64(0), last.Int64(1)) : null;
        last.Reset();
        return found;
    }
}
