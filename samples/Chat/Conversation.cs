using System.Text.Json;

namespace EventSourcedStreams.Chat;

/// <summary>Questions and their answers: the questions from the app's record, the answers from the log.</summary>
internal sealed class Conversation(Chats chats, TextStreams streams)
{
    /// <summary>Exchanges that a model gets to see, the newest.</summary>
    private const int Remembered = 10;

    /// <summary>Characters of each that it gets to see.</summary>
    private const int RememberedChars = 4000;

    /// <summary>A chat with its answers as far as they have come.</summary>
    public async Task<IReadOnlyList<Answered>> ReadAsync(string user, string chat, CancellationToken ct)
    {
        var answered = new List<Answered>();
        foreach (var asked in chats.Find(user, chat))
        {
            var stream = await FindAsync(asked, ct);
            answered.Add(new(
                asked.Question, asked.Stream, stream?.Summary.Status.Name() ?? "deleted", stream?.Text.ToString() ?? "", stream?.Summary.Error?.Message,
                stream?.Summary.Usage is { } usage ? JsonElement.Parse(usage) : null, stream?.Summary.Parts ?? 0));
        }

        return answered;
    }

    /// <summary>The new stream, which the browser drives.</summary>
    public async Task<string> AskAsync(string user, string chat, string question, CancellationToken ct)
    {
        var stream = await CreateAsync(user, chat, chats.Find(user, chat), question, ct);
        chats.TryAdd(new(user, chat, question, stream)); // a crash before this leaves a stream without a driver
        return stream;
    }

    /// <summary>The same question once more, in the place of an answer that failed; null where there is no such
    /// one.</summary>
    public async Task<string?> AskAgainAsync(string user, string chat, string failed, CancellationToken ct)
    {
        var before = chats.Find(user, chat).TakeWhile(asked => asked.Stream != failed).ToList();
        if (chats.Find(user, chat).ElementAtOrDefault(before.Count) is not { } asked) return null;
        var status = (await FindAsync(asked, ct))?.Summary.Status;
        if (status is StreamStatus.Pending or StreamStatus.Streaming or StreamStatus.Done) return null;
        var stream = await CreateAsync(user, chat, before, asked.Question, ct);
        return chats.TryAdd(new(user, chat, asked.Question, stream, failed)) ? stream : null;
    }

    private async Task<string> CreateAsync(string user, string chat, IReadOnlyList<Asked> before, string question, CancellationToken ct)
    {
        var stream = await streams.CreateAsync(
            new NewTextStream("answer")
            {
                Id = $"answer-{Guid.CreateVersion7():N}",
                Input = JsonSerializer.SerializeToElement(new { messages = await MessagesAsync(before, question, ct) }, JsonSerializerOptions.Web),
                Labels = new Dictionary<string, string> { ["user"] = user, ["chat"] = chat },
                By = user,
            },
            ct);
        return stream.Value;
    }

    /// <summary>What was said before, and the question now, as chat models take it.</summary>
    private async Task<IReadOnlyList<Message>> MessagesAsync(IReadOnlyList<Asked> before, string question, CancellationToken ct)
    {
        var messages = new List<Message>();
        foreach (var asked in before.TakeLast(Remembered))
        {
            var text = (await FindAsync(asked, ct))?.Text.ToString() ?? "";
            messages.Add(new("user", asked.Question));
            if (text.Length > 0) messages.Add(new("assistant", text.Length <= RememberedChars ? text : text[..RememberedChars]));
        }

        return [.. messages, new("user", question)];
    }

    private Task<StreamBody?> FindAsync(Asked asked, CancellationToken ct) => streams.FindAsync(new StreamId(asked.Stream), ct);
}

/// <param name="Why">Of an answer that did not end well.</param>
/// <param name="Usage">What it cost, as <c>{ "inputTokenCount", "outputTokenCount" }</c>; null: that is not
/// known.</param>
/// <param name="Parts">How many parts the stream has beside its text: thoughts, calls of tools.</param>
internal sealed record Answered(string Question, string Stream, string Status, string Text, string? Why, JsonElement? Usage, int Parts);

internal sealed record Message(string Role, string Content);
