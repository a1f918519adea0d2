using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>Creates streams; the same request again finds what is there.</summary>
internal sealed class StreamCreation(StreamTails tails, TimeProvider time)
{
    /// <summary>How long a creation may take; a client that is told to try again is better off than one that
    /// waits.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <exception cref="LogUnavailableException">Whether it was created is not known: the same request again finds
    /// out.</exception>
    public Task<CreateResult> CreateAsync(StreamCommand.Create create, Caller caller, CancellationToken ct) =>
        TimeLimit.WithinAsync(Limit, time, token => AppendAsync(create, caller, token), ct);

    private async Task<CreateResult> AppendAsync(StreamCommand.Create create, Caller caller, CancellationToken ct)
    {
        if (StreamIdGrammar.IsKept(create.Id.Value) && !await IsThereAsync(create.Id, ct)) return new CreateResult.Kept();
        try
        {
            return await tails.At(create.Id, null).AppendAsync([create], tails.ContextFor(caller), ct) switch
            {
                (Decision.Accepted([StreamEvent.StreamCreated created]), AppendOutcome.Appended) =>
                    new CreateResult.Created(StreamSummary.From(created)),
                (_, AppendOutcome.Lost { By: var first }) => Beside(first?.Event, create),
                _ => new CreateResult.Deleted(),
            };
        }
        catch (LogDamagedException e) when (e.IsTruncation)
        {
            return new CreateResult.Truncated();
        }
        catch (LogDamagedException e) when (ForeignEvent.Of(e) is { } foreign)
        {
            // What another program has written behind the creation does not change by which request it was made.
            return foreign.Revision == Revision.From(0)
                ? new CreateResult.Foreign(foreign)
                : Beside((await tails.FirstAsync(create.Id, ct))?.Event, create);
        }
    }

    private async Task<bool> IsThereAsync(StreamId id, CancellationToken ct)
    {
        try
        {
            return await tails.FirstAsync(id, ct) is not null;
        }
        catch (Exception e) when (e is StreamGoneException or LogDamagedException)
        {
            return true; // it was, and the append says what became of it
        }
    }

    private static CreateResult Beside(StreamEvent? first, StreamCommand.Create create) =>
        first is StreamEvent.StreamCreated there && create.Repeats(there, SameJson) ? new CreateResult.Exists() : new CreateResult.Differs();

    private static bool SameJson(string left, string right)
    {
        try
        {
            return left == right || JsonElement.DeepEquals(KeptJson.Parse(left), KeptJson.Parse(right));
        }
        catch (InvalidOperationException) // half of a surrogate pair is JSON, but not text
        {
            return false;
        }
    }
}

internal abstract record CreateResult
{
    private CreateResult() { }

    public sealed record Created(StreamSummary Stream) : CreateResult;

    /// <summary>The same request made this stream before.</summary>
    public sealed record Exists : CreateResult;

    /// <summary>The id names a stream that another request made.</summary>
    public sealed record Differs : CreateResult;

    /// <summary>The id names a stream that another program has begun.</summary>
    public sealed record Foreign(ForeignEvent Begun) : CreateResult;

    /// <summary>The id names a stream whose beginning is hidden or gone in the store.</summary>
    public sealed record Truncated : CreateResult;

    /// <summary>No new stream has such an id: <see cref="StreamIdGrammar.IsKept"/>.</summary>
    public sealed record Kept : CreateResult;

    public sealed record Deleted : CreateResult;
}
