using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>Files of an answer, each once, and its sound.</summary>
/// <param name="soundType">The media type of sound, which its pieces do not say.</param>
internal sealed class FileParts(string soundType)
{
    private const int MaxAddressChars = 8 * 1024;

    private readonly HashSet<string> seen = [];
    private readonly Base64Joining joining = new();
    private ChatPart? sound;

    public bool HasAny { get; private set; }

    /// <returns>False: its address is too long, and left out.</returns>
    public bool Add(List<ChatUpdate> updates, ChatSaid.File file)
    {
        if (!seen.Add(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(file.Base64 ?? file.Url!))))) return true;
        HasAny = true;
        var address = file.Url is { Length: > MaxAddressChars } ? null : PartDetailJson.Of(("url", file.Url));
        var isKept = file.Url is null || (address is not null && PartLimits.DetailFault(address) is null);
        var part = new ChatPart("file")
        {
            MediaType = file.MediaType,
            Name = file.Name,
            Encoding = file.Base64 is { } given && Base64.IsValid(given) ? "base64" : null,
            Detail = isKept ? address : null,
        };
        updates.Add(new ChatUpdate.PartStart(part));
        if (file.Base64 is { Length: > 0 } bytes) updates.Add(new ChatUpdate.PartText(part, bytes));
        updates.Add(new ChatUpdate.PartEnd(part));
        return isKept;
    }

    public void Add(List<ChatUpdate> updates, ChatSaid.Sound piece, ChatTextForm form)
    {
        if (sound is not null && form != ChatTextForm.Piece) return;                      // all of it once more
        if (sound is null)
        {
            HasAny = true;
            sound = new ChatPart("file") { MediaType = soundType, Encoding = "base64" };
            updates.Add(new ChatUpdate.PartStart(sound));
        }

        Say(updates, joining.Add(piece.Base64));
    }

    public void End(List<ChatUpdate> updates)
    {
        if (sound is null) return;
        Say(updates, joining.End());
        updates.Add(new ChatUpdate.PartEnd(sound));
        sound = null;
    }

    private void Say(List<ChatUpdate> updates, string bytes)
    {
        if (bytes.Length > 0) updates.Add(new ChatUpdate.PartText(sound!, bytes));
    }
}
