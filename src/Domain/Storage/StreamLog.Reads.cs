using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <remarks>Reading one text. What comes out has been checked by a <see cref="StreamReading"/>.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>Events in a page. A chunk is a kilobyte or so; a log may cut a page of larger ones shorter.</summary>
    private const int PageEvents = 256;

    /// <summary>The events after a revision, in order, up to the end as it is when that is reached.</summary>
    public async IAsyncEnumerable<RecordedEvent> ReadAsync(
        StreamId stream, Revision after, ReadFrom from, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reading = StreamReading.After(prefix, stream, after);
        await foreach (var recorded in ReadAsync(reading, stream, PageEvents, from, ct)) yield return recorded;
    }

    /// <summary>The events after one that was read before; that one has to stand there still.</summary>
    /// <exception cref="HeadNotFoundException">It does not, where this reads.</exception>
    public IAsyncEnumerable<RecordedEvent> ReadAsync(StreamId stream, StreamHead after, ReadFrom from, CancellationToken ct) =>
        ReadAsync(stream, after, PageEvents, from, ct);

    /// <summary>The same, in pages of so many.</summary>
    /// <inheritdoc cref="ReadAsync(StreamId, StreamHead, ReadFrom, CancellationToken)"/>
    public async IAsyncEnumerable<RecordedEvent> ReadAsync(
        StreamId stream, StreamHead after, int pageEvents, ReadFrom from, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reading = StreamReading.At(prefix, stream, after);
        await foreach (var recorded in ReadAsync(reading, stream, pageEvents, from, ct)) yield return recorded;
    }

    /// <summary>One event, at the cost of one; null where there is none.</summary>
    public async Task<RecordedEvent?> ReadOneAsync(StreamId stream, Revision revision, ReadFrom from, CancellationToken ct)
    {
        var before = Revision.From(revision.Value - 1);
        var events = before == Revision.None ? 1 : 2;                            // the one before it anchors the chain
        using var reading = StreamReading.After(prefix, stream, before);
        await foreach (var recorded in ReadAsync(reading, stream, events, from, ct)) return recorded;
        return null;
    }

    /// <summary>The events after a revision, first those that are there, then each as it is committed, until cancelled.
    /// It waits for a stream that is not there yet.</summary>
    public async IAsyncEnumerable<RecordedEvent> FollowAsync(
        StreamId stream, Revision after, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reading = StreamReading.After(prefix, stream, after);
        await using var events = store.FollowAsync(reading.StreamName, reading.Next, ct).GetAsyncEnumerator(ct);
        while (await MoveNextAsync(events, stream))
        {
            if (await ReadNextAsync(reading, events.Current, stream, ct) is { } recorded) yield return recorded;
        }
    }

    /// <summary>A stream's last event as the leader has it, its hash unchecked; null for a stream that never
    /// was.</summary>
    public async Task<RecordedEvent?> ReadLastAsync(StreamId stream, CancellationToken ct)
    {
        var read = await ReadAsync(prefix.Text(stream), long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
        switch (read)
        {
            case StoreRead.Tombstoned:
                throw new StreamGoneException(stream);
            case StoreRead.Page { Events: [var last] }:
                return StreamCodec.Decode(stream, last);
            default:
                await ThrowIfTruncatedAsync(stream, ct);
                return null;
        }
    }

    /// <summary>A stream's end as the leader has it, hashes unchecked; null for a stream that never was. One event is
    /// read where the last one is no note.</summary>
    public async Task<LastEvents?> ReadEndAsync(StreamId stream, CancellationToken ct)
    {
        if (await ReadLastAsync(stream, ct) is not { } last) return null;
        var notes = new List<RecordedEvent>();
        while (last.Event is StreamNote)
        {
            var before = last.Revision.Value - 1;
            var page = await ReadAsync(prefix.Text(stream), before, forward: false, PageEvents, ReadFrom.Leader, ct) switch
            {
                StoreRead.Page { Events: [_, ..] some } => some,
                StoreRead.Tombstoned => throw new StreamGoneException(stream),
                _ => throw new LogDamagedException(prefix.Text(stream), before, "The event is missing; notes stand behind it."),
            };
            foreach (var stored in page)
            {
                notes.Add(last);
                last = StreamCodec.Decode(stream, stored);
                if (last.Event is not StreamNote) break;
            }
        }

        notes.Reverse();
        return new LastEvents(last, notes);
    }

    private async IAsyncEnumerable<RecordedEvent> ReadAsync(
        StreamReading reading, StreamId stream, int pageEvents, ReadFrom from, [EnumeratorCancellation] CancellationToken ct)
    {
        StoreRead.Page page;
        do
        {
            page = await ReadAsync(reading.StreamName, reading.Next, forward: true, pageEvents, from, ct) switch
            {
                StoreRead.Page { Events: [_, ..] } some => some,
                StoreRead.Tombstoned => throw new StreamGoneException(stream),
                StoreRead.Missing when reading.HasBegun => throw reading.Vanished(),
                _ => new StoreRead.Page([], AtEnd: true),
            };
            foreach (var stored in page.Events)
            {
                if (await ReadNextAsync(reading, stored, stream, ct) is { } recorded) yield return recorded;
            }
        }
        while (!page.AtEnd);
        if (reading.HasBegun) yield break;
        reading.ThrowIfHeadWanted();
        if (reading.Next == 0) await ThrowIfTruncatedAsync(stream, ct);
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<StoredEvent> events, StreamId stream)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (StreamTombstonedException)
        {
            throw new StreamGoneException(stream);
        }
    }

    /// <summary>Events also go missing while a deletion is under way; then the stream is not damaged but
    /// gone.</summary>
    private async Task<RecordedEvent?> ReadNextAsync(StreamReading reading, StoredEvent stored, StreamId stream, CancellationToken ct)
    {
        if (stored.Revision != reading.Next
            && await ReadAsync(reading.StreamName, reading.Next, forward: true, maxCount: 1, ReadFrom.Leader, ct) is StoreRead.Tombstoned)
            throw new StreamGoneException(stream);

        return reading.Read(stored);
    }
}
