using System.Diagnostics;
using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>One stream as the app's own code follows it. Its first answer needs the log; later, while the log is away,
/// it waits.</summary>
internal sealed class FollowedStream(EngineAccess access, StreamId stream, Revision after)
{
    private Revision has = after;

    public static ArgumentException Unknown(StreamId stream) => new($"There is no stream '{stream}'. Create it first.");

    /// <summary>What the stream says and is, without what it says beside its text.</summary>
    /// <exception cref="LogUnavailableException">The log does not answer at first, or the server stops.</exception>
    public async IAsyncEnumerable<StreamUpdate> UpdatesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var item in ItemsAsync(ct))
        {
            if (item.Event is not { } recorded) yield return StreamUpdate.Of(new StreamEnd(stream, StreamStatus.Deleted) { Revision = has });
            else if (recorded.Event is not StreamEvent.PartEvent) yield return StreamUpdate.Of(recorded);
        }
    }

    /// <summary>The same as its events, with what it says beside its text.</summary>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    /// <exception cref="LogUnavailableException">The log does not answer at first, or the server stops.</exception>
    public async IAsyncEnumerable<RecordedEvent> EventsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var item in ItemsAsync(ct)) yield return item.Event ?? throw new StreamGoneException(stream);
    }

    private async IAsyncEnumerable<Item> ItemsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var engine = access.Current;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, access.Cleared);
        using var followed = engine.Drivers.Followers.Enter(stream);
        using var span = StreamTracing.StartFollow(stream);
        using var linked = engine.Telemetry.Links.Follow(stream, span);
        var isOver = await IsOverAsync(engine, span, ct);
        while (!isOver)
        {
            await using var events = engine.Log.FollowAsync(stream, has, over.Token).GetAsyncEnumerator(over.Token);
            while (!isOver && await StoppedAsLogAsync(NextAsync(engine, events, over.Token), ct) is { } item)
            {
                has = item.Event?.Revision ?? has;
                isOver = item.Event is null or { Event: StreamEvent.Ending or StreamEvent.StreamDeleted };
                yield return item;
            }

            if (!isOver) await StoppedAsLogAsync(PausedAsync(engine, over.Token), ct);
        }
    }

    /// <returns>Whether nothing comes after what the caller has.</returns>
    private async Task<bool> IsOverAsync(StreamEngine engine, Activity? span, CancellationToken ct)
    {
        try
        {
            var end = await engine.Log.ReadEndAsync(stream, ct);
            if (end is not null) StreamTracing.LinkFollower(span, end.Decisive);
            return StreamState.After(end?.Decisive) switch
            {
                StreamState.Missing => throw Unknown(stream),
                StreamState.Ended => has >= end!.Decisive.Revision && !end.Decisive.IsForDeletion,
                StreamState.Deleted => false,
                _ when has > end!.Last.Revision => throw new ArgumentException(
                    $"Stream '{stream}' has {end.Last.Revision} as its last revision so far, and {has} was given."),
                _ => false,
            };
        }
        catch (StreamGoneException)
        {
            return false;                                                        // the following tells so
        }
        catch (LogDamagedException e) when (e.ForeignType is not null)
        {
            return false; // it tells so behind all that stands before
        }
    }

    /// <returns>Null: the log is away.</returns>
    private static async Task<Item?> NextAsync(StreamEngine engine, IAsyncEnumerator<RecordedEvent> events, CancellationToken ct)
    {
        try
        {
            RecordedEvent next;
            do
            {
                if (!await events.MoveNextAsync()) return null;
                next = events.Current;
            }
            while (EventKinds.KindOf(next.Event) is not (EventKind.Lifecycle or EventKind.Content));

            if (next.IsForDeletion) next = await engine.Log.DeletionAfterAsync(next, ct) ?? next;
            return new Item(next);
        }
        catch (StreamGoneException)
        {
            return new Item(null);
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    private static async Task<bool> PausedAsync(StreamEngine engine, CancellationToken ct)
    {
        await Task.Delay(FollowStart.Pause, engine.Time, ct);
        return true;
    }

    /// <summary>The caller has cancelled nothing, so a cancellation would say nothing to it.</summary>
    private static async Task<T> StoppedAsLogAsync<T>(Task<T> work, CancellationToken ct)
    {
        try
        {
            return await work;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LogUnavailableException("The server is stopping.");
        }
    }

    /// <param name="Event">Null: the stream is gone.</param>
    private readonly record struct Item(RecordedEvent? Event);
}
