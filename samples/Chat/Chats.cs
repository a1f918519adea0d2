namespace EventSourcedStreams.Chat;

/// <summary>Each user's questions, chat by chat, and the stream that answers each.</summary>
internal sealed class Chats
{
    private readonly Lock gate = new();
    private readonly OrderedDictionary<(string User, string Chat), List<Asked>> all = [];
    private readonly ChatFile file;
    private readonly ChatChanges changes;

    public Chats(ChatFile file, ChatChanges changes)
    {
        (this.file, this.changes) = (file, changes);
        foreach (var asked in file.Before) Put(asked);
    }

    /// <summary>False where the answer whose place it would take has been replaced already.</summary>
    public bool TryAdd(Asked asked)
    {
        lock (gate)
        {
            if (asked.InsteadOf is { } old && !Of(asked.User, asked.Chat).Exists(one => one.Stream == old)) return false;
            file.Append(asked);
            Put(asked);
        }

        changes.Tell(asked);
        return true;
    }

    /// <summary>The user's chats, the one begun last first.</summary>
    public IReadOnlyList<ChatTitle> TitlesOf(string user)
    {
        lock (gate)
        {
            return
            [
                .. all.Where(chat => chat.Key.User == user).Reverse().Select(chat => new ChatTitle(chat.Key.Chat, chat.Value[0].Question)),
            ];
        }
    }

    /// <summary>Empty for a chat that is not there, or not the user's.</summary>
    public IReadOnlyList<Asked> Find(string user, string chat)
    {
        lock (gate) return [.. Of(user, chat)];
    }

    private List<Asked> Of(string user, string chat) => all.TryGetValue((user, chat), out var exchanges) ? exchanges : [];

    private void Put(Asked asked)
    {
        if (!all.TryGetValue((asked.User, asked.Chat), out var exchanges)) all.Add((asked.User, asked.Chat), exchanges = []);
        var place = asked.InsteadOf is { } old ? exchanges.FindIndex(one => one.Stream == old) : -1;
        if (place < 0) exchanges.Add(asked);
        else exchanges[place] = asked;
    }
}

internal sealed record ChatTitle(string Chat, string Title);
