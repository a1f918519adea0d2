using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Embedded;

/// <summary>A stream's last revision, asked of the two places that know it.</summary>
internal sealed class HeadLookup(Database database)
{
    private readonly Statement written = database.Prepare("SELECT head FROM heads WHERE stream = ?1");

    private readonly Statement found = database.Prepare(
        "SELECT revision FROM events INDEXED BY events_of_stream WHERE stream = ?1 ORDER BY revision DESC LIMIT 1");

    /// <returns>-1 for a stream that never was; 2^63−1 for one with a tombstone.</returns>
    /// <exception cref="LogDamagedException">The two do not agree: the end of the stream, or its head, is lost.</exception>
    public long Find(string stream)
    {
        var head = written.Bind(1, stream).Number() ?? -1;
        var tail = found.Bind(1, stream).Number() ?? -1;
        if (head == tail) return head;
        throw head > tail
            ? new LogDamagedException(stream, tail + 1, $"the stream's head is {head}, but this event is not to be found.")
            : new LogDamagedException(stream, tail, $"this event stands beyond the stream's head, {head}.");
    }
}
