using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Domain;

/// <summary>
/// All streams with certain labels as an export has them, in its order, as they stood at a place in the log: what was
/// there once comes as the same bytes again, unless a stream of them is deleted. In memory is a page of the list, and
/// one of events.
/// </summary>
/// <param name="pageAsync">The streams with all of the labels, by the bytes of their ids, behind one.</param>
internal sealed class LabelledExport(StreamLog log, Func<Labels, StreamId?, CancellationToken, Task<IReadOnlyList<StreamSummary>>> pageAsync)
{
    /// <summary>Streams too that are damaged, said to be so: an import refuses them.</summary>
    public const string Damaged = "damaged";

    /// <summary>Streams too that had not ended, as far as they were.</summary>
    public const string Running = "running";

    /// <summary>Bytes of text in a page of events, as a rule.</summary>
    private const int PageBytes = 64 * 1024;

    private const int MostEvents = 256;

    /// <param name="asOf">What stands behind it is not exported.</param>
    /// <param name="leftOut">Called for each stream that is listed and not exported.</param>
    /// <exception cref="LogDamagedException">A stream is damaged, and such were not asked for.</exception>
    /// <exception cref="StreamGoneException">One was deleted when a part of it had come already.</exception>
    public async IAsyncEnumerable<CarriedItem> ItemsAsync(
        Labels labels, LogPosition asOf, Names with, Action leftOut, [EnumeratorCancellation] CancellationToken ct)
    {
        StreamId? after = null;
        while (await pageAsync(labels, after, ct) is [.., var last] page)
        {
            foreach (var stream in page)
            {
                var any = false;
                await foreach (var item in ItemsAsync(stream, asOf, with, ct))
                {
                    any = true;
                    yield return item;
                }

                if (!any) leftOut();
            }

            after = last.Id;
        }
    }

    private async IAsyncEnumerable<CarriedItem> ItemsAsync(
        StreamSummary stream, LogPosition asOf, Names with, [EnumeratorCancellation] CancellationToken ct)
    {
        var takesDamaged = with.Contains(Damaged);
        if (!with.Contains(Running) && !await HadEndedAsync(stream.Id, asOf, takesDamaged, ct)) yield break;
        var damage = takesDamaged ? await DamageAsync(stream, asOf, ct) : null;
        using var check = damage is null ? new StreamCheck(log.Prefix, stream.Id) : null;
        if (damage is not null) yield return new CarriedItem.Damaged(stream.Id, damage);
        var events = 0L;
        await using var stored = EventsAsync(stream, asOf, ct).GetAsyncEnumerator(ct);
        while (await MoveNextAsync(stored, isOver: events == 0 && damage is null))
        {
            check?.Check(stored.Current);
            events++;
            yield return new CarriedItem.Event(stream.Id, stored.Current);
        }

        if (events > 0 || damage is not null) yield return new CarriedItem.End(stream.Id, events, check?.Head);
    }

    private IAsyncEnumerable<StoredEvent> EventsAsync(StreamSummary stream, LogPosition asOf, CancellationToken ct)
    {
        var bytesAnEvent = Math.Clamp(stream.Length / Math.Max(1, stream.Chunks), 1, PageBytes);
        return log.ReadStoredAsync(stream.Id, (int)Math.Min(MostEvents, PageBytes / bytesAnEvent), ct).TakeWhile(stored => stored.Position <= asOf);
    }

    /// <summary>A stream that is gone is over.</summary>
    /// <param name="isOver">Nothing of it has come yet.</param>
    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<StoredEvent> events, bool isOver)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (StreamGoneException) when (isOver)
        {
            return false;
        }
    }

    /// <summary>Notes may follow an ending; of one that is damaged there may be no end.</summary>
    private async Task<bool> HadEndedAsync(StreamId stream, LogPosition asOf, bool takesDamaged, CancellationToken ct)
    {
        try
        {
            return await log.ReadEndAsync(stream, ct) is { Decisive: { Event.IsEnding: true } ending } && ending.Position <= asOf;
        }
        catch (StreamGoneException)
        {
            return false;
        }
        catch (LogDamagedException) when (takesDamaged)
        {
            return true;
        }
    }

    private async Task<string?> DamageAsync(StreamSummary stream, LogPosition asOf, CancellationToken ct)
    {
        using var check = new StreamCheck(log.Prefix, stream.Id);
        try
        {
            await foreach (var stored in EventsAsync(stream, asOf, ct)) check.Check(stored);
            return null;
        }
        catch (LogDamagedException e)
        {
            return e.Message;
        }
        catch (StreamGoneException)
        {
            return null;                                                         // it is left out
        }
    }
}
