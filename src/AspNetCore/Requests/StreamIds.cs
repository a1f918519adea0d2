using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Ids as they come in: <see cref="StreamIdGrammar"/>.</summary>
internal static class StreamIds
{
    public const string Grammar = StreamIdGrammar.Words;

    public static StreamId Parse(string id) => StreamIdGrammar.Allows(id)
        ? new StreamId(id)
        : throw new RefusedException(Refusals.Invalid("id", $"An id is {Grammar}."));

    public static StreamId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
}
