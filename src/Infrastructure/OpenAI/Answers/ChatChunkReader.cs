using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Reads what a provider sent as a part of a chat completion.</summary>
internal static class ChatChunkReader
{
    private const int MaxShownBytes = 1024;

    private static readonly HashSet<string> Heartbeats = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "null", "ping", "pong", "keepalive", "keep-alive", "keep_alive", "keep alive", "heartbeat", "alive", "noop", "hb",
    };

    /// <summary>One chunk, or one for each item of a list. Valid after <paramref name="sent"/> itself no longer
    /// is.</summary>
    public static IReadOnlyList<ChatChunk> Read(ProviderEvent sent)
    {
        try
        {
            if (sent.Kind == ProviderEventKind.Value && JsonExtent.Knows(sent.Data.Span[0])) return OfJson(sent);
            var chunk = new ChatChunk();
            ReadInto(chunk, sent);
            return [chunk];
        }
        catch (InvalidOperationException)
        {
            return [new ChatChunk { Malformed = "" }]; // a name or a number that JSON allows and nothing else
        }
    }

    private static void ReadInto(ChatChunk chunk, ProviderEvent sent)
    {
        switch (sent.Kind)
        {
            case ProviderEventKind.Value:
                ReadWords(chunk, sent.Name, Shown(sent.Data));
                break;
            case ProviderEventKind.ErrorField:
                ReadErrorField(chunk, sent);
                break;
            case ProviderEventKind.Cut:
                chunk.IsPaid = true; // what it would have said may have been made
                break;
            case ProviderEventKind.Malformed when EventNames.IsError(sent.Name):
                chunk.Error = ProviderErrors.NoWords;
                break;
            case ProviderEventKind.Malformed when EventNames.IsText(sent.Name):
                chunk.Malformed = "";
                break;
        }
    }

    private static ChatChunk[] OfJson(ProviderEvent sent)
    {
        if (!TryParse(sent.Data, out var document))
        {
            var broken = new ChatChunk();
            ReadWords(broken, sent.Name, Shown(sent.Data).Trim('[', ']'), isBroken: true);
            return [broken];
        }

        using (document)
        {
            var value = document.RootElement;
            return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => OfItem(item, sent.Name))] : [OfItem(value, sent.Name)];
        }
    }

    private static ChatChunk OfItem(JsonElement item, string? name)
    {
        var chunk = new ChatChunk();
        if (item.ValueKind == JsonValueKind.Object) ChatShapes.Read(chunk, item, name);
        else if (item.ValueKind == JsonValueKind.String) ReadWords(chunk, name, ProviderJson.Text(item)!);
        else if (EventNames.IsText(name)) chunk.Malformed = "";
        return chunk;
    }

    /// <summary>What is no JSON, or a string by itself: a heartbeat, the end, an error. An event of another name may
    /// say what it likes.</summary>
    private static void ReadWords(ChatChunk chunk, string? name, string words, bool isBroken = false)
    {
        var plain = words.Trim(' ', '[', ']', ':', '"');
        if (plain.Equals("DONE", StringComparison.OrdinalIgnoreCase) || words.TrimStart().StartsWith("[DONE]", StringComparison.OrdinalIgnoreCase)) chunk.IsLast = true;
        else if (EventNames.IsError(name)) chunk.Error = plain.Length == 0 ? ProviderErrors.NoWords : words;
        else if (EventNames.IsDone(name)) chunk.IsLast = true;
        else if (!words.StartsWith(':') && !Heartbeats.Contains(plain) && EventNames.IsText(name)) chunk.Malformed = isBroken ? "" : words;
    }

    private static void ReadErrorField(ChatChunk chunk, ProviderEvent sent)
    {
        if (sent.Data.IsEmpty) chunk.Error = EventNames.IsError(sent.Name) ? ProviderErrors.NoWords : null;
        else if (!TryParse(sent.Data, out var document)) chunk.Error = Shown(sent.Data);
        else chunk.Error = WordsOf(document);
    }

    private static string? WordsOf(JsonDocument document)
    {
        using (document) return ProviderJson.IsNothing(document.RootElement) ? null : ProviderErrors.Words(document.RootElement);
    }

    private static bool TryParse(ReadOnlyMemory<byte> data, out JsonDocument document)
    {
        document = null!;
        try
        {
            document = JsonDocument.Parse(data, ProviderJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Shown(ReadOnlyMemory<byte> data) => Encoding.UTF8.GetString(data.Span[..Math.Min(data.Length, MaxShownBytes)]);
}
