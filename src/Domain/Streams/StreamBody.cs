using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams;

/// <summary>A stream with its text as it was at a revision.</summary>
public sealed record StreamBody(StreamSummary Summary, TextPieces Text)
{
    public Revision Revision => Summary.Revision;

    /// <summary>Of the event at <see cref="Revision"/>: it stands for all before it.</summary>
    internal ChainHash Hash { get; init; }

    internal StreamHead Head => new(Revision, Hash);

    /// <param name="body">Null before the first event.</param>
    /// <exception cref="LogDamagedException">The event cannot follow.</exception>
    internal static StreamBody Apply(StreamBody? body, RecordedEvent recorded)
    {
        var summary = StreamSummary.Apply(body?.Summary, recorded);
        if (body is null) return new(summary, TextPieces.Empty) { Hash = recorded.Hash };
        if (ReferenceEquals(summary, body.Summary)) return body;
        if (recorded.Event is not ChunkPersisted e)
        {
            if (recorded.Event is PartEvent part && part.Before.Length != body.Summary.Length)
                throw new LogDamagedException(
                    recorded.Stream.Value, recorded.Revision.Value, $"it stands at byte {part.Before.Length}, and {body.Summary.Length} are before it.");

            // A text that is shorter than its own ending says is not the text.
            if (recorded.Event.IsEnding && summary.Length != body.Summary.Length)
                throw new LogDamagedException(
                    recorded.Stream.Value, recorded.Revision.Value, $"it ends at {summary.Length} bytes, and {body.Summary.Length} are there.");
            return body with { Summary = summary, Hash = recorded.Hash };
        }

        if (e.Offset != body.Summary.Length)
            throw new LogDamagedException(
                recorded.Stream.Value, recorded.Revision.Value, $"its offset is {e.Offset}, and {body.Summary.Length} bytes stand before it.");
        return new(summary, body.Text.Add(e.Text)) { Hash = recorded.Hash };
    }
}
