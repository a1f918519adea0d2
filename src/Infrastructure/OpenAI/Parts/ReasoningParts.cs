using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>Thoughts that may be shown, and what the provider wants back with them.</summary>
/// <param name="provider">The endpoint's host: opaque data mean something to it alone.</param>
internal sealed class ReasoningParts(string provider)
{
    /// <summary>Where text and thoughts take turns more often than that, the last thought stays open for all that
    /// come.</summary>
    private const int MaxParts = 256;

    private readonly RepeatedText repeated = new();
    private readonly HashSet<string> seen = [];
    private ChatPart? open;
    private ChatPart? last;
    private int parts;

    public void Add(List<ChatUpdate> updates, string text, ChatTextForm form)
    {
        var piece = repeated.New(text, form);
        if (piece.Length == 0) return;
        if (open is null)
        {
            open = last = new ChatPart("reasoning");
            parts++;
            updates.Add(new ChatUpdate.PartStart(open));
        }

        updates.Add(new ChatUpdate.PartText(open, piece));
    }

    /// <summary>It vouches for the last thought, and the next text of reasoning is another's.</summary>
    public void AddSignature(List<ChatUpdate> updates, string json)
    {
        AddOpaque(updates, json, open ?? last);
        End(updates);
    }

    /// <param name="of">The part that it belongs to; null: it stands by itself.</param>
    public void AddOpaque(List<ChatUpdate> updates, string json, ChatPart? of)
    {
        if (!seen.Add(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(json))))) return;
        var part = new ChatPart("opaque") { Of = of, Encoding = "json", Detail = PartDetailJson.Of(("provider", provider)) };
        updates.AddRange([new ChatUpdate.PartStart(part), new ChatUpdate.PartText(part, json), new ChatUpdate.PartEnd(part)]);
    }

    /// <summary>Something else is being said.</summary>
    public void Pause(List<ChatUpdate> updates)
    {
        if (parts < MaxParts) End(updates);
    }

    public void End(List<ChatUpdate> updates)
    {
        if (open is not null && repeated.Rest() is { Length: > 0 } rest) updates.Add(new ChatUpdate.PartText(open, rest));
        if (open is not null) updates.Add(new ChatUpdate.PartEnd(open));
        open = null;
    }
}
