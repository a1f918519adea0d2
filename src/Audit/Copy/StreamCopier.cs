using EventSourcedStreams.Audit.Carrying;
using EventSourcedStreams.Audit.List;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>Which streams are copied, and how far it may go.</summary>
/// <param name="Ids">None: all.</param>
/// <param name="Running">Those that have not ended too, up to what is there.</param>
/// <param name="Deletions">See <see cref="StreamReceiver"/>.</param>
internal sealed record CopyChoice(IReadOnlyCollection<string> Ids, ListFilter Filter, bool Running, bool Deletions);

/// <summary>Copies streams from a store to a target, some at a time; each is checked as a whole before any of it is
/// written. It keeps no notes of its own: what is there already is seen at the target.</summary>
internal sealed class StreamCopier(Store from, ICopyTarget target, CopyChoice choice, CopyReport report)
{
    /// <summary>Streams at a time, so that one is read while others wait for their commits. A page of each is in
    /// memory.</summary>
    private const int Parallel = 8;

    /// <exception cref="AuditException">The target cannot be written; what was written stays.</exception>
    public async Task RunAsync(Advance advance, CancellationToken ct)
    {
        var of = choice.Ids.Count > 0 ? choice.Ids.Count
            : from.Embedded is not null ? await from.StreamsAsync(ct).CountAsync(ct) : (long?)null;
        var done = 0L;
        await System.Threading.Tasks.Parallel.ForEachAsync(
            from.SelectAsync(choice.Ids, ct),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ct },
            async (entry, each) =>
            {
                if (await CopyAsync(entry, each) is { } outcome) report.Add(outcome);
                advance.To(Interlocked.Increment(ref done), of);
            });
    }

    /// <returns>Null for one that the filter leaves out.</returns>
    private async Task<StreamOutcome?> CopyAsync(StreamEntry entry, CancellationToken ct)
    {
        var listed = await ListedStream.ReadAsync(from, entry, ct);
        if (!choice.Filter.Matches(listed)) return null;
        if (listed.Damage is { } damage) return Damaged(entry, damage);
        if (!choice.Running && StreamStatusNames.Parse(listed.Status) is StreamStatus.Pending or StreamStatus.Streaming)
            return new StreamOutcome(entry.Id.Value, StreamOutcome.Running) { Detail = "It has not ended; --running copies what is there." };
        try
        {
            await foreach (var item in from.ItemsAsync(entry, ct))
                if (item.Refusal() is var (revision, what)) return Refused(entry, revision, what);
            var receiver = new StreamReceiver(target, from.Prefix, entry.Id, choice.Deletions);
            await foreach (var item in from.ItemsAsync(entry, ct)) await receiver.ReceiveAsync(item, ct);
            return receiver.Outcome!;
        }
        catch (LogDamagedException e)
        {
            return Damaged(entry, e.Message);
        }
        catch (StreamGoneException)
        {
            return new StreamOutcome(entry.Id.Value, StreamOutcome.Vanished) { Detail = "It was just being deleted; the next run finds its tombstone." };
        }
    }

    private static StreamOutcome Refused(StreamEntry entry, long? revision, string what) =>
        new(entry.Id.Value, StreamOutcome.Refused) { Revision = revision, Detail = what };

    private static StreamOutcome Damaged(StreamEntry entry, string what) => new(entry.Id.Value, StreamOutcome.Damaged) { Detail = what };
}
