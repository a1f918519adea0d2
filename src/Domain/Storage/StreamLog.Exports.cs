using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <remarks>A text's events as they are stored, for a checker of its own.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>What the names of its streams begin with.</summary>
    public StreamPrefix Prefix => prefix;

    /// <summary>A stream's events in order, from the leader, unchecked; none for one that never was.</summary>
    /// <param name="pageEvents">Held at a time; a log may give fewer.</param>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public IAsyncEnumerable<StoredEvent> ReadStoredAsync(StreamId stream, int pageEvents, CancellationToken ct) =>
        ReadStoredAsync(prefix.Text(stream), 0, pageEvents, () => throw new StreamGoneException(stream), ct);

    /// <summary>Any stream's events from a revision on, likewise.</summary>
    /// <param name="onGone">Called where there is a tombstone; if it returns, there is no more.</param>
    private async IAsyncEnumerable<StoredEvent> ReadStoredAsync(
        string name, long next, int pageEvents, Action onGone, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var read = await ReadAsync(name, next, forward: true, pageEvents, ReadFrom.Leader, ct);
            if (read is StoreRead.Tombstoned) onGone();
            if (read is not StoreRead.Page page) yield break;
            foreach (var stored in page.Events)
            {
                yield return stored;
                next = stored.Revision + 1;
            }

            if (page.AtEnd || page.Events.Count == 0) yield break;
        }
    }
}
