namespace EventSourcedStreams.Domain;

/// <remarks>Reading a few events here and there, so that nothing has to read a text to know of it.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>How long a deletion may take to follow the end of its stream; past it that end is told.</summary>
    private static readonly TimeSpan DeletionLimit = TimeSpan.FromSeconds(2);

    /// <summary>The events from a revision back, as the leader has them, newest first; hashes unchecked. Empty where
    /// none stands there.</summary>
    /// <param name="from">Null: the last one.</param>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public async Task<IReadOnlyList<RecordedEvent>> ReadBackAsync(StreamId stream, Revision? from, int maxCount, CancellationToken ct)
    {
        var read = await ReadAsync(prefix.Text(stream), from?.Value ?? long.MaxValue, forward: false, maxCount, ReadFrom.Leader, ct);
        return read switch
        {
            StoreRead.Tombstoned => throw new StreamGoneException(stream),
            StoreRead.Page page when from is null || page.Events is [var first, ..] && first.Revision == from.Value.Value =>
                [.. page.Events.Select(stored => StreamCodec.Decode(stream, stored))],
            _ => [],
        };
    }

    /// <summary>One event as the leader has it, its hash unchecked.</summary>
    /// <exception cref="LogDamagedException">None stands there.</exception>
    public async Task<RecordedEvent> ReadAtAsync(StreamId stream, Revision revision, CancellationToken ct) =>
        await ReadBackAsync(stream, revision, 1, ct) is [var one]
            ? one
            : throw new LogDamagedException(stream.Value, revision.Value, "The event is missing.");

    /// <summary>The deletion that a stream was ended for, once it follows the end; null: it was cut short.</summary>
    /// <exception cref="StreamGoneException">The stream has been removed, too.</exception>
    public Task<RecordedEvent?> DeletionAfterAsync(RecordedEvent ending, CancellationToken ct) => TimeLimit.WithinAsync<RecordedEvent?>(
        DeletionLimit,
        time,
        async token =>
        {
            await foreach (var next in FollowAsync(ending.Stream, ending.Revision, token))
            {
                if (next.Event is StreamEvent.StreamDeleted) return next;
            }

            return null;
        },
        static () => null,
        ct);
}
