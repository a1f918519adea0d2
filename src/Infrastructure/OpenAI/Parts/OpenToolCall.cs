using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// A call of a tool that is being said. It begins once its name is certain: some providers send the name in pieces, or
/// after the first arguments. Arguments that are an empty object are held back, since real ones may follow.
/// </summary>
internal sealed class OpenToolCall(bool isText, bool isProviders)
{
    private const int MaxHeldChars = 64 * 1024;

    private readonly StringBuilder held = new();
    private TextPrint print = new();
    private JsonExtent extent;
    private bool? isJson;
    private string? givenId;
    private string? lateId;

    public string? Id => givenId ?? lateId;

    public int? Index { get; set; }

    public string? Name { get; private set; }

    /// <summary>The chunk that said it first.</summary>
    public required int Chunk { get; init; }

    /// <summary>Null before it has begun.</summary>
    public ChatPart? Part { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>The provider has told its result.</summary>
    public bool HasResult { get; set; }

    public bool HasArguments { get; private set; }

    /// <summary>Its arguments are a whole JSON value, and more of them would be another call's.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether its arguments are nothing or an empty object, which others may replace.</summary>
    public bool IsBare => !HasArguments || IsPlaceholder;

    private bool IsPlaceholder => held.Length is > 0 and < 16 && held.ToString().Replace(" ", "") is "{}" or "null" or "\"\"";

    /// <summary>Whether these arguments are those that it has.</summary>
    public bool HasSame(string? given) => given is not null && HasArguments && string.IsNullOrWhiteSpace(print.RestOf(given) ?? "other");

    public void Head(string? id, string? name)
    {
        if (id is not null && Id is null)
        {
            if (Part is null) givenId = id;
            else lateId = id;
        }

        if (name is null || Part is not null) return;
        Name = Name is null || name.StartsWith(Name, StringComparison.Ordinal) ? name : Name + name;
    }

    public void Arguments(List<ChatUpdate> updates, string? given, ChatTextForm form)
    {
        if (HasEnded) return;
        if (IsPlaceholder && !string.IsNullOrWhiteSpace(given)) Forget();
        var piece = string.IsNullOrEmpty(given) ? "" : form == ChatTextForm.Piece || !HasArguments ? given : print.RestOf(given) ?? "";
        if (piece.Length > 0) AddArguments(piece);
        if (held.Length > 0 && !IsPlaceholder && (Name is not null || held.Length > MaxHeldChars)) Flush(updates);
        if (IsComplete && Part is not null && held.Length == 0) End(updates);
    }

    public void Begin(List<ChatUpdate> updates)
    {
        if (Part is not null) return;
        Part = new ChatPart("tool-call")
        {
            Name = Name,
            CallId = Id,
            Encoding = isText ? null : "json",
            Detail = isProviders ? """{"executed":"provider"}""" : """{"executed":"client"}""",
        };
        updates.Add(new ChatUpdate.PartStart(Part));
    }

    public void End(List<ChatUpdate> updates)
    {
        if (HasEnded) return;
        Flush(updates);
        HasEnded = true;
        updates.Add(new ChatUpdate.PartEnd(Part!, lateId is null ? null : PartDetailJson.Of(("callId", lateId))));
    }

    private void AddArguments(string piece)
    {
        held.Append(piece);
        print.Add(piece);
        HasArguments |= print.Length > 0;
        isJson ??= piece.AsSpan().TrimStart() is [var first, ..] ? !isText && first < 128 && JsonExtent.Knows((byte)first) : null;
        IsComplete |= isJson == true && extent.Scan(Encoding.UTF8.GetBytes(piece)) >= 0;
    }

    private void Flush(List<ChatUpdate> updates)
    {
        Begin(updates);
        if (held.Length > 0) updates.Add(new ChatUpdate.PartText(Part!, held.ToString()));
        held.Clear();
    }

    /// <summary>The empty object was none.</summary>
    private void Forget()
    {
        held.Clear();
        print = new TextPrint();
        (extent, isJson, IsComplete, HasArguments) = (default, null, false, false);
    }
}
