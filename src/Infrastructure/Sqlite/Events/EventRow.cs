using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>An event as a row. What a row says of itself is compared with what was asked: an index that points
/// elsewhere is damage.</summary>
internal static class EventRow
{
    /// <summary>The columns, in this order, of the row called <c>r</c>; behind them stands its kind, if any
    /// (<see cref="LogForm"/>).</summary>
    public const string Columns =
        "r.position, r.stream, r.revision, r.id, r.type, r.content_type, r.created, r.data, r.metadata";

    /// <summary>The longest name of a stream, type or content type that any surface takes, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 4096;

    public const int Position = 0, Stream = 1, Revision = 2, Type = 4, Data = 7, Metadata = 8, Kind = 9;

    private const int Id = 3, ContentType = 5, Created = 6;

    /// <summary>Microseconds since 1970.</summary>
    public static long CreatedOf(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <exception cref="LogDamagedException">The row is not of this stream and revision, or cannot be a row of
    /// ours.</exception>
    public static StoredEvent ReadAs(this Statement row, RepeatedTexts texts, long id, string stream, long revision)
    {
        var stored = InspectAs(row, texts, id, stream, revision);
        return row.KindDamage(stored.Type) is { } damage ? throw new LogDamagedException(stream, revision, damage) : stored;
    }

    /// <summary>As <see cref="ReadAs"/>, whatever its kind.</summary>
    public static StoredEvent InspectAs(this Statement row, RepeatedTexts texts, long id, string stream, long revision)
    {
        if (row.Int64(Stream) != id || row.Int64(Revision) != revision)
            throw new LogDamagedException(stream, revision, "the index names a row that says it is another event.");
        return Read(row, texts, stream, revision);
    }

    /// <summary>A row by itself. Its kind is not compared: it serves an index, and one wrong kind must not stop a
    /// reader of everything.</summary>
    public static StoredEvent Read(this Statement row, RepeatedTexts texts, string stream)
    {
        var revision = row.Int64(Revision);
        if (revision < 0) throw new LogDamagedException(stream, revision, "no event can have this revision.");
        return Read(row, texts, stream, revision);
    }

    /// <returns>What is wrong with the kind that is stored with a row; null where it is its type's, and where it
    /// follows from the type.</returns>
    public static string? KindDamage(this Statement row, string type) =>
        EventKinds.Find(type) is { Stored: var known } && !row.IsNull(Kind) && row.Int64(Kind) is var stored && stored != known
            ? $"it is stored as kind {stored}, and a '{type}' is kind {known}."
            : null;

    private static StoredEvent Read(Statement row, RepeatedTexts texts, string stream, long revision)
    {
        var id = row.Blob(Id);
        var created = row.Int64(Created);
        if (id.Length != 16) throw new LogDamagedException(stream, revision, "its id does not have 16 bytes.");
        if (row.Length(Type) > MaxNameBytes || row.Length(ContentType) > MaxNameBytes)
            throw new LogDamagedException(stream, revision, $"its type or content type has more than {MaxNameBytes} bytes.");
        if (created is < 0 or > 253_402_300_799_999_999) throw new LogDamagedException(stream, revision, "its time cannot be.");
        return new StoredEvent(
            stream,
            revision,
            LogPosition.At(row.Int64(Position)),
            DateTimeOffset.UnixEpoch.AddTicks(created * TimeSpan.TicksPerMicrosecond),
            new EventId(new Guid(id, bigEndian: true)),
            texts.Of(row.Utf8(Type)),
            texts.Of(row.Utf8(ContentType)),
            row.Blob(Data).ToArray(),
            row.Blob(Metadata).ToArray());
    }

    public static byte[] Utf8(string name) => Encoding.UTF8.GetBytes(name);
}
