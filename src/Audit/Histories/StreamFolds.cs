using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Histories;

/// <summary>A stream with its text as it was, by the same fold that the API answers from. What comes behind it is not
/// looked at (of a time, but for the first event after it).</summary>
internal static class StreamFolds
{
    /// <param name="content">Gets the parts too; null: they are not asked for.</param>
    /// <exception cref="AuditException">There is no such stream, it was deleted, or it had not begun or not come so
    /// far.</exception>
    /// <exception cref="LogDamagedException">The stream is damaged up to there.</exception>
    public static async Task<StreamBody> BodyAsync(this Store store, StreamId id, PointInLife at, CancellationToken ct, AnswerContent? content = null)
    {
        StreamBody? body = null;
        RecordedEvent? last = null;
        try
        {
            await foreach (var recorded in store.CheckedEventsAsync(id, ct))
            {
                last = recorded;
                if (!at.IsAtOrAfter(recorded)) break;
                body = StreamBody.Apply(body, recorded);
                content?.Apply(recorded);
                if (at.Revision == recorded.Revision) break;
            }
        }
        catch (StreamGoneException)
        {
            throw await Absence.GoneAsync(store, id, ct);
        }

        if (last is null) throw await Absence.EmptinessAsync(store, id, ct);
        if (body is null) throw new AuditException($"Stream {id} had not begun: it was created at {TimeArgument.Show(last.Event.At)}.");
        return at.Revision is not { } wanted || body.Revision == wanted
            ? body
            : throw new AuditException($"Stream {id} has no revision {wanted}: its last one is {body.Revision}.");
    }
}
