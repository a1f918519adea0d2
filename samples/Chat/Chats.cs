using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace EventSourcedStreams.Chat;

/// <summary>
/// The app's own record: each user's questions, and the stream that answers each. In memory, as a sample may; the
/// answers themselves are in the log.
/// </summary>
internal sealed class Chats(TextStreams streams)
{
    /// <summary>Exchanges that a model gets to see, the newest.</summary>
    private const int Remembered = 10;

    /// <summary>Characters of each that it gets to see.</summary>
    private const int RememberedChars = 4000;

    private readonly ConcurrentDictionary<(string User, string Chat), ImmutableList<Exchange>> exchanges = new();

    public void Add(string user, string chat, Exchange exchange) =>
        exchanges.AddOrUpdate((user, chat), _ => [exchange], (_, before) => before.Add(exchange));

    /// <summary>The user's chats, the one begun last first.</summary>
    public IEnumerable<ChatTitle> Of(string user) => exchanges
        .Where(chat => chat.Key.User == user)
        .OrderByDescending(chat => chat.Value[0].Stream.Value, StringComparer.Ordinal)   // the ids begin with the time
        .Select(chat => new ChatTitle(chat.Key.Chat, chat.Value[0].Question));

    /// <summary>A chat with its answers as far as they have come; empty for one that is not there, or not the
    /// user's.</summary>
    public async Task<IReadOnlyList<Answered>> ReadAsync(string user, string chat, CancellationToken ct)
    {
        var answered = new List<Answered>();
        foreach (var (question, id) in Find(user, chat))
        {
            var stream = await streams.FindAsync(id, ct);
            answered.Add(new(question, id.Value, stream?.Summary.Status.Name() ?? "deleted", stream?.Text.ToString() ?? ""));
        }

        return answered;
    }

    /// <summary>What was said before, and the question now, as chat models take it.</summary>
    public async Task<IReadOnlyList<Message>> HistoryAsync(string user, string chat, string question, CancellationToken ct)
    {
        var messages = new List<Message>();
        foreach (var (asked, id) in Find(user, chat).TakeLast(Remembered))
        {
            var text = (await streams.FindAsync(id, ct))?.Text.ToString() ?? "";
            messages.Add(new("user", asked));
            if (text.Length > 0) messages.Add(new("assistant", text.Length <= RememberedChars ? text : text[..RememberedChars]));
        }

        return [.. messages, new("user", question)];
    }

    private ImmutableList<Exchange> Find(string user, string chat) => exchanges.GetValueOrDefault((user, chat), []);
}

internal sealed record Exchange(string Question, StreamId Stream);

internal sealed record ChatTitle(string Chat, string Title);

internal sealed record Answered(string Question, string Stream, string Status, string Text);

internal sealed record Message(string Role, string Content);
