using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>An answer as the log has it, from a token's place on.</summary>
internal sealed class StoredAnswer(ITextStreams streams, TextStreamsChatClientOptions settings, AnswerToken token, string? owner)
{
    private const string NotYours = "The continuation token names no answer of this client and owner.";

    private readonly LoggedAnswer answer = new(token.Mark);

    /// <summary>All that comes behind the token, live or ended.</summary>
    /// <exception cref="TextStreamEndedException">It has not come to a good end, or not as far as the
    /// token.</exception>
    /// <exception cref="InvalidContinuationTokenException">It is none of this client and owner.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> UpdatesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var events = streams.EventsAsync(token.Stream, over.Token).GetAsyncEnumerator(over.Token);
        Task<RecordedEvent>? next = null;
        try
        {
            while (true)
            {
                next = NextAsync(events);
                if (!next.IsCompleted)
                    foreach (var (update, mark) in answer.Take(isAll: true)) yield return Marked(update, mark);
                var recorded = await next;
                answer.Apply(recorded);
                foreach (var (update, mark) in answer.Take(isAll: false)) yield return Marked(update, mark);
                if (recorded.Event is not Ending and not StreamDeleted) continue;
                yield return Ended(recorded);
                yield break;
            }
        }
        finally
        {
            // Nothing is given back while an event is waited for.
            await over.CancelAsync();
            if (next is not null) await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What there is behind the token when the answer has ended; the token again while it has not.</summary>
    /// <inheritdoc cref="UpdatesAsync"/>
    public async Task<ChatResponse> PollAsync(ResponseContinuationToken given, CancellationToken ct)
    {
        var updates = new List<ChatResponseUpdate>();
        try
        {
            if (await streams.Engine.Log.ReadEndAsync(token.Stream, ct) is not { } end) throw new InvalidContinuationTokenException(NotYours);
            await foreach (var recorded in streams.Engine.Log.ReadAsync(token.Stream, Revision.None, ReadFrom.Leader, ct))
            {
                Check(recorded);
                // The first event has said whose it is.
                if (end.Decisive is not { Event: Ending or StreamDeleted }) break;
                if (recorded.Event is StreamNote) continue;
                answer.Apply(recorded);
                updates.AddRange(answer.Take(isAll: false).Select(told => told.Update));
                if (recorded.Event is not Ending and not StreamDeleted) continue;
                updates.Add(Ended(recorded));
                return updates.ToChatResponse();
            }
        }
        catch (StreamGoneException)
        {
            throw Gone();
        }

        return new ChatResponse { ContinuationToken = given };
    }

    private ChatResponseUpdate Marked(ChatResponseUpdate update, ContentMark mark)
    {
        update.ContinuationToken = new AnswerToken(token.Stream, mark).Write(settings.TokenKey);
        return update;
    }

    private async Task<RecordedEvent> NextAsync(IAsyncEnumerator<RecordedEvent> events)
    {
        try
        {
            if (!await events.MoveNextAsync()) throw new LogUnavailableException("The answer's ending is not known yet.");
            Check(events.Current);
            return events.Current;
        }
        catch (StreamGoneException)
        {
            throw Gone();
        }
        catch (ArgumentException e)
        {
            throw new InvalidContinuationTokenException(NotYours, e);
        }
    }

    /// <summary>A token says nothing of whose it is: the stream does.</summary>
    private void Check(RecordedEvent recorded)
    {
        if (recorded.Event is StreamCreated created && (created.Source != settings.Source || created.Labels[settings.OwnerLabel] != owner))
            throw new InvalidContinuationTokenException(NotYours);
    }

    private ChatResponseUpdate Ended(RecordedEvent recorded)
    {
        if (recorded.Event is not Ending ending) throw Gone();
        var failure = StreamFailure.Of(ending);
        if (!answer.Logged.Covers(token.Mark)) throw AnswerEnd.TooShort(token.Stream, ending.Status, failure, ending.Length, token.Mark.Length);
        if (ending is not StreamCompleted completed) throw AnswerEnd.Exception(token.Stream, ending.Status, failure, ending.Length);
        return AnswerEnd.Update(completed.FinishReason);
    }

    private TextStreamEndedException Gone() => AnswerEnd.Exception(token.Stream, StreamStatus.Deleted, null, 0);
}
