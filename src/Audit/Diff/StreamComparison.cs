using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Diff;

/// <summary>Compares one stream with another, event by event, as they are stored.</summary>
internal static class StreamComparison
{
    private const string Nothing = "nothing";
    private const string Deleted = "deleted";

    /// <returns>The first difference; null where there is none.</returns>
    /// <exception cref="AuditException">A stream was named, and neither side has one.</exception>
    public static async Task<StreamDifference?> FindAsync(DiffSide a, StreamId idA, DiffSide b, StreamId idB, CancellationToken ct)
    {
        var comparison = new EventComparison(isSameStream: idA == idB);
        await using var left = a.Store.EventsAsync(idA, from: 0, ct).GetAsyncEnumerator(ct);
        await using var right = b.Store.EventsAsync(idB, from: 0, ct).GetAsyncEnumerator(ct);
        for (long revision = 0; ; revision++)
        {
            var (there, here) = (await NextAsync(left), await NextAsync(right));
            if (there.End is { } end && end == here.End)
                return revision > 0 || end != Nothing || a.Stream is null && b.Stream is null
                    ? null
                    : throw new AuditException($"Neither {a.Name} nor {b.Name} is there. See `streams-audit list`.");
            if (there.Event is not { } eventA || here.Event is not { } eventB)
                return Found(revision == 0 ? null : revision, revision == 0 ? "stream" : "event", Describe(there), Describe(here));
            if (eventA.Revision != eventB.Revision)
                return Found(Math.Min(eventA.Revision, eventB.Revision), "revision", $"{eventA.Revision}", $"{eventB.Revision}");
            if (comparison.Find(eventA, eventB) is var (field, valueA, valueB)) return Found(eventA.Revision, field, valueA, valueB);
        }

        StreamDifference Found(long? revision, string field, string? valueA, string? valueB)
        {
            var (cutA, cutB) = Excerpts.Of(valueA, valueB);
            return new StreamDifference(idA.Value, idA == idB ? null : idB.Value, revision, field, cutA, cutB);
        }

        string Describe((StoredEvent? Event, string? End) found) => found.Event is { } e ? $"{e.Type} at revision {e.Revision}" : found.End!;
    }

    /// <summary>The next event, or why there is none.</summary>
    private static async Task<(StoredEvent? Event, string? End)> NextAsync(IAsyncEnumerator<StoredEvent> events)
    {
        try
        {
            return await events.MoveNextAsync() ? (events.Current, null) : (null, Nothing);
        }
        catch (StreamGoneException)
        {
            return (null, Deleted);
        }
        catch (LogDamagedException e)
        {
            return (null, $"damaged: {e.Message}");
        }
    }
}
